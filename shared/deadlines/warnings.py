"""When warnings of a deadline are due: 50 %, 80 %, one working day before, due, overdue, as the rule lists them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shared.core.legal_time import start_of_day
from shared.deadlines.arithmetic import add_minutes
from shared.deadlines.engine import Deadline, end_before_roll, total_units
from shared.deadlines.inputs import spans
from shared.deadlines.rules import Threshold
from shared.vocabulary import DeadlineUnit

_PERCENT: dict[Threshold, int] = {"50%": 50, "80%": 80}


def warnings(deadline: Deadline) -> tuple[tuple[Threshold, datetime], ...]:
    """Each threshold with the instant (UTC) at which its warning is due, in order; none while a pause is open.

    For terms in days the instant is 00:00 in Shanghai of the day on which that share of the term has been counted.
    Thresholds that would fall on the trigger itself are left out.

    Raises:
        YearNotCovered: the calendar does not cover the working day before the end.
    """
    if deadline.ends is None:
        return ()
    return tuple(sorted(_instants(deadline), key=lambda warning: warning[1]))


def _instants(deadline: Deadline) -> Iterator[tuple[Threshold, datetime]]:
    begins = deadline.start if isinstance(deadline.start, datetime) else start_of_day(deadline.start)
    for threshold in deadline.rule.warnings:
        instant = _instant(deadline, threshold)
        always = threshold in {"due", "overdue"} or deadline.rule.direction == "before"
        if instant is not None and (always or instant > begins):
            yield threshold, instant


def _instant(deadline: Deadline, threshold: Threshold) -> datetime | None:
    if threshold == "overdue":
        return deadline.overdue_from
    ends = deadline.ends
    if threshold in _PERCENT:
        return _share(deadline, _PERCENT[threshold])
    if ends is None or isinstance(ends, datetime):
        return ends
    return start_of_day(ends if threshold == "due" else deadline.calendar.previous_working_day(ends))


def _share(deadline: Deadline, percent: int) -> datetime | None:
    start, ends, query = deadline.start, deadline.ends, deadline.query
    if isinstance(start, datetime):
        return add_minutes(start, total_units(deadline) * 60 * percent // 100, [])
    fixed = deadline.rule.unit is DeadlineUnit.FIXED_DATE or any(extension.until for extension in query.extensions)
    if fixed or deadline.rule.unit is DeadlineUnit.MONTH:
        assert ends is not None
        return start_of_day(start + timedelta(days=-(-(ends - start).days * percent // 100)))
    units = -(-total_units(deadline) * percent // 100)
    day = end_before_roll(deadline.calendar, deadline.rule, start.toordinal(), units, spans(query.pauses))
    return None if day is None else start_of_day(date.fromordinal(day))
