"""When somebody is to be warned: 50 %, 80 %, one working day before, due, overdue, as the rule lists them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shared.deadlines.arithmetic import minutes
from shared.deadlines.engine import Deadline, total_units, unrolled
from shared.deadlines.inputs import midnight, spans
from shared.deadlines.rules import Threshold
from shared.vocabulary import DeadlineUnit

_PERCENT: dict[Threshold, int] = {"50%": 50, "80%": 80}


def warnings(deadline: Deadline) -> tuple[tuple[Threshold, datetime], ...]:
    """Each threshold with the instant (UTC) from which it is to be told, in order; none while a pause is open.

    For terms in days the instant is 00:00 in Shanghai of the day on which that share of the term has been counted.
    Thresholds that would fall on the trigger itself are left out. Raises YearNotCovered.
    """
    if deadline.ends is None:
        return ()
    return tuple(sorted(_told(deadline), key=lambda told: told[1]))


def _told(deadline: Deadline) -> Iterator[tuple[Threshold, datetime]]:
    begun = deadline.start if isinstance(deadline.start, datetime) else midnight(deadline.start)
    for threshold in deadline.rule.warnings:
        instant = _instant(deadline, threshold)
        sure = threshold in {"due", "overdue"} or deadline.rule.direction == "before"
        if instant is not None and (sure or instant > begun):
            yield threshold, instant


def _instant(deadline: Deadline, threshold: Threshold) -> datetime | None:
    if threshold == "overdue":
        return deadline.overdue_from
    ends = deadline.ends
    if threshold in _PERCENT:
        return _share(deadline, _PERCENT[threshold])
    if ends is None or isinstance(ends, datetime):
        return ends
    return midnight(ends if threshold == "due" else deadline.calendar.previous_working_day(ends))


def _share(deadline: Deadline, percent: int) -> datetime | None:
    start, ends, ask = deadline.start, deadline.ends, deadline.ask
    if isinstance(start, datetime):
        return minutes(start, total_units(deadline) * 60 * percent // 100, [])
    fixed = deadline.rule.unit is DeadlineUnit.FIXED_DATE or any(extension.until for extension in ask.extensions)
    if fixed or deadline.rule.unit is DeadlineUnit.MONTH:
        assert ends is not None
        return midnight(start + timedelta(days=-(-(ends - start).days * percent // 100)))
    units = -(-total_units(deadline) * percent // 100)
    day = unrolled(deadline.calendar, deadline.rule, start.toordinal(), units, spans(ask.pauses))
    return None if day is None else midnight(date.fromordinal(day))
