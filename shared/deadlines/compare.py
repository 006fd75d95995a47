"""What a new calendar moves: shown before it is published, applied to each open deadline when it is."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.deadlines.calendar import Calendar, CalendarDay
from shared.deadlines.engine import Deadline, compute
from shared.deadlines.inputs import DeadlineQuery, require_legal_day
from shared.deadlines.rules import RuleSet


class DayChange(NamedTuple):
    """A day that two calendars classify differently."""

    day: date
    old: CalendarDay
    new: CalendarDay


class End(NamedTuple):
    """The end of a deadline: last day in time and first late instant, both None while they are unknown."""

    due_on: date | None
    overdue_from: datetime | None


class MovedDeadline(NamedTuple):
    """A deadline as the new calendar computes it, with the days that move it."""

    deadline: Deadline
    changes: tuple[DayChange, ...]


def moved_deadline(old: Calendar, new: Calendar, rules: RuleSet, query: DeadlineQuery, end: End) -> MovedDeadline | None:
    """The deadline by the new calendar; None where it ends as before, so that applying it twice moves nothing.

    `end` is its end by the old calendar. Extensions already granted stay as granted.

    Raises:
        YearNotCovered: the new calendar does not reach the end of the term.
    """
    deadline = compute(new, rules, query, granted=True)
    if deadline.overdue_from == end.overdue_from:
        return None
    days = [day for day in (require_legal_day(deadline.start), end.due_on, deadline.due_day) if day is not None]
    return MovedDeadline(deadline, tuple(change for change in changed_days(old, new) if min(days) <= change.day <= max(days)))


def changed_days(old: Calendar, new: Calendar) -> tuple[DayChange, ...]:
    """Every day covered by both on which they differ in whether it counts or is a holiday."""
    first, last = max(old.first, new.first), min(old.last, new.last)
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    pairs = ((day, old.day(day), new.day(day)) for day in days)
    return tuple(DayChange(day, before, after) for day, before, after in pairs if before.kind is not after.kind)
