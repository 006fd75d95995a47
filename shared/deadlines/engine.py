"""From rule, trigger, pauses and extensions to the due date."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from shared.deadlines.calendar import Calendar
from shared.deadlines.errors import InvalidExtension, InvalidTerm, YearNotCovered
from shared.deadlines.request import (
    Extension,
    Moment,
    Pause,
    check_pauses,
    intervals,
    legal_day,
    midnight,
    minute,
    spans,
    term,
)
from shared.deadlines.rules import ExtensionStep, Rule, RuleBook
from shared.deadlines.walk import Span, add_months, minutes, natural_days, paused, roll, working_days
from shared.terms import DeadlineState, DeadlineUnit

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class Deadline(NamedTuple):
    """A computed deadline with everything it was computed from. `ends` None: an open pause holds it.

    `ends` is the last legal day on which the act is in time or, for a term in hours, the last minute (UTC).
    """

    rule: Rule
    trigger: Moment
    ends: Moment | None
    calendar: Calendar
    pauses: Sequence[Pause]
    extensions: Sequence[Extension]
    amount: int | None
    until: date | None

    @property
    def due_day(self) -> date | None:
        """The last legal day on which the act is in time."""
        return None if self.ends is None else legal_day(self.ends)

    @property
    def due_at(self) -> datetime | None:
        """The end of the term in UTC: 24:00 of the due day in Shanghai or, for hours, the minute."""
        if self.ends is None or isinstance(self.ends, datetime):
            return self.ends
        return midnight(self.ends + _DAY)

    @property
    def overdue_from(self) -> datetime | None:
        """The first instant at which the act is late: `due_at`, or one minute later for terms in hours."""
        return self.ends + _MINUTE if isinstance(self.ends, datetime) else self.due_at

    @property
    def opens_on(self) -> date | None:
        """The first day on which the act is in time, where the rule forbids an earlier one."""
        if self.rule.opens_days is None or self.due_day is None:
            return None
        return self.due_day - timedelta(days=self.rule.opens_days)

    def state(self, now: datetime) -> DeadlineState:
        """Running, paused or overdue at `now`, as long as nobody has met or waived it."""
        if self.overdue_from is not None and now >= self.overdue_from:
            return DeadlineState.OVERDUE
        if self.rule.unit is DeadlineUnit.H:
            held = any(first <= now and (stop is None or now < stop) for first, stop in intervals(self.pauses))
        else:
            held = paused(legal_day(now, "/now").toordinal(), spans(self.pauses))
        return DeadlineState.PAUSED if held else DeadlineState.RUNNING


def compute(
    calendar: Calendar,
    rules: RuleBook,
    rule_id: str,
    trigger: Moment,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    amount: int | None = None,
    until: date | None = None,
) -> Deadline:
    """The deadline by the rule in force at the trigger, or by a later version that takes over running clocks."""
    rule = rules.at(rule_id, legal_day(trigger))
    deadline = by_rule(calendar, rule, trigger, pauses, extensions, amount, until)
    while (later := rules.successor(deadline.rule, deadline.due_day or date.max)) is not None:
        deadline = by_rule(calendar, later, trigger, pauses, extensions, amount, until)
    return deadline


def by_rule(
    calendar: Calendar,
    rule: Rule,
    trigger: Moment,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    amount: int | None = None,
    until: date | None = None,
) -> Deadline:
    """The deadline by one given version of a rule."""
    units = term(rule, amount, until)
    if pauses:
        check_pauses(rule, trigger, pauses)
    start: Moment = minute(trigger) if rule.unit is DeadlineUnit.H else legal_day(trigger)
    fixed = until or rule.until
    try:
        ends = _extended(calendar, rule, start, units, fixed, pauses, extensions)
    except OverflowError as error:
        raise YearNotCovered("期限超出历法范围 / the term ends beyond all calendars", pointer="/amount") from error
    return Deadline(rule, start, ends, calendar, pauses, extensions, amount, until)


def _extended(
    calendar: Calendar,
    rule: Rule,
    start: Moment,
    units: int,
    fixed: date | None,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
) -> Moment | None:
    ends = fixed_date(start, fixed) if fixed else end_of(calendar, rule, start, units, pauses)
    for at, extension in enumerate(extensions):
        granted = _granted(rule, start, ends, extensions, at)
        if extension.until is None:
            units += granted
            ends = end_of(calendar, rule, start, units, pauses)
        else:
            ends = moved_date(extension, pauses)
    return ends


def fixed_date(start: Moment, day: date) -> date:
    """A fixed date is what it is; it may only not lie before the trigger."""
    if day < legal_day(start):
        raise InvalidTerm(f"{day} 早于起算日 / lies before the trigger", pointer="/until")
    return day


def moved_date(extension: Extension, pauses: Sequence[Pause]) -> date | None:
    """The date fixed in a decision; pauses that begin after it still push the date, earlier ones were known to it."""
    approved, until = extension.approved_on, extension.until
    if approved is None or until is None or until <= approved:
        raise InvalidExtension("新日期须晚于批准日 / needs approved_on, before until", pointer="/extensions")
    later = [pause for pause in pauses if legal_day(pause.starts) > approved]
    end = natural_days(approved.toordinal(), (until - approved).days, spans(later))
    return None if end is None else date.fromordinal(end)


def end_of(calendar: Calendar, rule: Rule, start: Moment, units: int, pauses: Sequence[Pause]) -> Moment | None:
    """The end of a term of `units` from `start` (legal day, or minute for hours), rolled over as the rule says."""
    if isinstance(start, datetime) and rule.unit is DeadlineUnit.H:
        return minutes(start, units * 60, intervals(pauses) if pauses else ())
    held: Sequence[Span] = spans(pauses) if pauses else ()
    end = unrolled(calendar, rule, start.toordinal(), units, held)
    if end is not None and rule.roll != "none":
        end = roll(calendar, end, 1 if rule.roll == "forward" else -1, held, weekend=rule.roll_weekend)
    return None if end is None else date.fromordinal(end)


def unrolled(calendar: Calendar, rule: Rule, start: int, units: int, held: Sequence[Span]) -> int | None:
    """The last counted day, before any roll-over."""
    signed = units if rule.direction == "after" else -units
    if rule.unit is DeadlineUnit.WD:
        return working_days(calendar, start, signed, held)
    if rule.unit is DeadlineUnit.MONTH:
        signed = add_months(date.fromordinal(start), signed).toordinal() - start
    return natural_days(start, signed, held)


def _granted(rule: Rule, start: Moment, ends: Moment | None, extensions: Sequence[Extension], at: int) -> int:
    """The units that the extension adds, after everything the rule says about it has been checked."""
    extension, place = extensions[at], f"/extensions/{at}"
    steps: list[ExtensionStep] = [step for step in rule.extensions for _ in range(step.times)]
    if at >= len(steps):
        raise InvalidExtension(f"{rule.id}: 最多延长{len(steps)}次 / {len(steps)} extensions at most", pointer=place)
    step = steps[at]
    if extension.approver not in step.by:
        allowed = "、".join(step.by)
        raise InvalidExtension(f"须由{allowed}批准 / only {allowed} may extend", pointer=f"{place}/approver")
    _check_approval_day(extension, start, ends, place)
    if extension.until is not None:
        _check_until(extension, step, ends, place)
        return 0
    if at and extensions[at - 1].until is not None:
        raise InvalidExtension("只能再定日期 / after a fixed date only another date", pointer=f"{place}/until")
    units = extension.amount if extension.amount is not None else step.amount
    if units is None or isinstance(units, bool) or not 1 <= units <= (step.amount or 36_500):
        raise InvalidExtension(
            f"{units}: 第{step.article}条不允许 / not allowed by the article", pointer=f"{place}/amount"
        )
    return units


def _check_approval_day(extension: Extension, start: Moment, ends: Moment | None, place: str) -> None:
    approved = extension.approved_on
    if approved is None:
        return
    if approved < legal_day(start) or (ends is not None and approved > legal_day(ends)):
        raise InvalidExtension(f"{approved} 不在期限内 / the term was not running", pointer=f"{place}/approved_on")


def _check_until(extension: Extension, step: ExtensionStep, ends: Moment | None, place: str) -> None:
    if step.amount is not None or extension.amount is not None:
        raise InvalidExtension("该次延长不得另定日期 / this extension fixes no date", pointer=f"{place}/until")
    if ends is not None and extension.until is not None and extension.until <= legal_day(ends):
        raise InvalidExtension("新日期不晚于原期限 / the new date is not later", pointer=f"{place}/until")


def utc(moment: datetime) -> str:
    """An instant as written in documents: UTC, to the minute, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
