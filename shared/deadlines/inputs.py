"""The inputs of a computation: trigger, pauses, extensions; each checked before anything is counted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from shared.core.legal_time import legal_day, start_of_day
from shared.deadlines.arithmetic import Interval, Span, merge, merge_intervals
from shared.deadlines.errors import InvalidPause, InvalidTerm, InvalidTrigger
from shared.deadlines.rules import Approver, PauseGround, Rule
from shared.vocabulary import DeadlineUnit

LONGEST = 36_500
YEARS = range(1900, 3000)
_DAY = timedelta(days=1)

Moment = date | datetime


class Pause(NamedTuple):
    """Time that is not counted: whole legal days, first and last included; `ends` None = still open.

    For a term in hours instants may be given; then the time from `starts` up to `ends` is not counted.
    """

    starts: Moment
    ends: Moment | None
    ground: PauseGround
    document: str = ""


class Extension(NamedTuple):
    """A granted extension: so many more units of the rule, or a fixed date (`until`, then `approved_on` is needed)."""

    approver: Approver
    document: str = ""
    amount: int | None = None
    until: date | None = None
    approved_on: date | None = None


class DeadlineQuery(NamedTuple):
    """Everything a deadline is computed from, apart from the calendar and the rules.

    `amount` or `until` set the term where the rule leaves it to the decision.
    """

    rule_id: str
    trigger: Moment
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()
    amount: int | None = None
    until: date | None = None


def require_legal_day(moment: Moment, field: str = "/trigger") -> date:
    """The legal day (Asia/Shanghai) of a day or an aware instant.

    Raises:
        InvalidTrigger: it is a local time without a zone, no date at all, or of a year outside 1900-2999.
    """
    if isinstance(moment, date) and not YEARS.start <= moment.year < YEARS.stop:
        raise InvalidTrigger(f"{moment}: 年份有误 / a year far from ours", pointer=field)
    if not isinstance(moment, datetime):
        if isinstance(moment, date):
            return moment
        raise InvalidTrigger(f"{moment!r}: 须为日期或带时区的时间 / a date or an instant is needed", pointer=field)
    if moment.tzinfo is None:
        raise InvalidTrigger(f"{moment}: 时间缺少时区 / local time in no zone", pointer=field)
    return legal_day(moment)


def require_minute(moment: Moment, field: str = "/trigger") -> datetime:
    """The minute of an instant in UTC; terms in hours run from the minute.

    Raises:
        InvalidTrigger: it is a bare day, or a local time without a zone.
    """
    if not isinstance(moment, datetime):
        raise InvalidTrigger(f"{moment}: 按小时计算须有时刻 / a term in hours needs an instant", pointer=field)
    require_legal_day(moment, field)
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def units_of_term(rule: Rule, amount: int | None, until: date | None) -> int:
    """The units to count: the rule's, or those set by the decision where the rule leaves them to it; 0 for a fixed date.

    Raises:
        InvalidTerm: the decision may not set this term, or not to this amount or date.
    """
    if amount is None and until is None:
        return rule.amount or 0
    if not rule.settable or (amount is None) == (until is None):
        raise InvalidTerm(f"{rule.id}: 该期限不能另行设定 / the act may not set this term", pointer="/amount")
    if until is not None:
        if rule.unit is not DeadlineUnit.FIXED_DATE:
            raise InvalidTerm(f"{rule.id}: 该期限不是固定日期 / this term is no fixed date", pointer="/until")
        require_legal_day(until, "/until")
        return 0
    limit = rule.amount_max or LONGEST
    if isinstance(amount, bool) or not isinstance(amount, int) or not 1 <= amount <= limit or rule.amount is None:
        raise InvalidTerm(f"{rule.id}: {amount} 不在 1 至 {limit} 之间 / not between 1 and {limit}", pointer="/amount")
    return amount


def check_pauses(rule: Rule, trigger: Moment, pauses: Sequence[Pause]) -> None:
    """Check each pause against the rule and the trigger.

    Raises:
        InvalidPause: the rule has no such ground, or the pause ends before it begins or reaches before the trigger.
        InvalidTrigger: one of its moments is no legal day or instant.
    """
    for index, pause in enumerate(pauses):
        pointer = f"/pauses/{index}"
        if pause.ground not in rule.pauses:
            raise InvalidPause(f"{rule.id}: 不得扣除 / no pause for {pause.ground}", pointer=f"{pointer}/ground")
        first, last = _days(pause, pointer)
        if first < require_legal_day(trigger) or (rule.unit is DeadlineUnit.H and _start(pause) < require_minute(trigger)):
            raise InvalidPause("扣除期间早于起算 / the pause reaches before the trigger", pointer=f"{pointer}/starts")
        stop = _stop(pause)
        if last is not None and (last < first or (stop is not None and stop < _start(pause))):
            raise InvalidPause("扣除期间止早于起 / the pause ends before it begins", pointer=f"{pointer}/ends")


def spans(pauses: Sequence[Pause]) -> list[Span]:
    """The paused legal days, merged."""
    days = [_days(pause, "/pauses") for pause in pauses]
    return merge((first.toordinal(), last.toordinal() if last else None) for first, last in days)


def intervals(pauses: Sequence[Pause]) -> list[Interval]:
    """The paused intervals of time, merged."""
    return merge_intervals((_start(pause), _stop(pause)) for pause in pauses)


def _days(pause: Pause, pointer: str) -> tuple[date, date | None]:
    last = None if pause.ends is None else require_legal_day(pause.ends, f"{pointer}/ends")
    return require_legal_day(pause.starts, f"{pointer}/starts"), last


def _start(pause: Pause) -> datetime:
    if isinstance(pause.starts, datetime):
        return require_minute(pause.starts, "/pauses")
    return start_of_day(pause.starts)


def _stop(pause: Pause) -> datetime | None:
    if pause.ends is None or isinstance(pause.ends, datetime):
        return None if pause.ends is None else require_minute(pause.ends, "/pauses")
    return start_of_day(pause.ends + _DAY)
