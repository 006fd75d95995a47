"""What a new calendar would move: shown before it is published, recorded with each deadline when it is."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from shared.deadlines.calendar import Calendar, Why
from shared.deadlines.engine import Deadline, compute
from shared.deadlines.inputs import Ask, Moment, legal_day
from shared.deadlines.rules import RuleBook


class Open(NamedTuple):
    """A deadline that still runs: its id in the service and what it was computed from."""

    id: str
    ask: Ask


class Changed(NamedTuple):
    """A day that the two calendars see differently."""

    day: date
    old: Why
    new: Why


class Moved(NamedTuple):
    """A deadline that moves, with the days that move it."""

    id: str
    old: Moment | None
    new: Moment | None
    because: tuple[Changed, ...]


def compare(old: Calendar, new: Calendar, rules: RuleBook, deadlines: Iterable[Open]) -> Iterator[Moved]:
    """The deadlines that end elsewhere by the new calendar, one after the other; applied twice, nothing moves again.

    Extensions already granted are kept as granted. Raises DeadlineRefused where the new calendar no longer covers one.
    """
    differing = changed_days(old, new)
    for item in deadlines:
        before = compute(old, rules, item.ask, granted=True)
        after = compute(new, rules, item.ask, granted=True)
        if before.ends != after.ends:
            yield Moved(item.id, before.ends, after.ends, tuple(_touching(differing, before, after)))


def changed_days(old: Calendar, new: Calendar) -> tuple[Changed, ...]:
    """Every day covered by both on which they differ in whether it counts or is a holiday."""
    first, last = max(old.first, new.first), min(old.last, new.last)
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    pairs = ((day, old.why(day), new.why(day)) for day in days)
    return tuple(Changed(day, was, now) for day, was, now in pairs if was.kind is not now.kind)


def _touching(differing: tuple[Changed, ...], before: Deadline, after: Deadline) -> Iterator[Changed]:
    days = [legal_day(moment) for moment in (before.start, before.ends, after.ends) if moment is not None]
    return (change for change in differing if min(days) <= change.day <= max(days))
