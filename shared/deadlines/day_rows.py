"""The days of an explanation, counted one by one: slower than the engine and independent of its short cuts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from shared.deadlines.arithmetic import is_paused
from shared.deadlines.calendar import Calendar, CalendarDay, DayKind
from shared.deadlines.inputs import Moment, Pause, intervals, require_legal_day, spans
from shared.deadlines.rules import Rule

Row = dict[str, Any]
_DAY = timedelta(days=1)
_FORM = "%Y-%m-%dT%H:%MZ"


class CountedTerm(NamedTuple):
    """What is counted: `units` (wd, d or h) after `start`, without the pauses (each with its number)."""

    start: Moment
    unit: str
    units: int
    pauses: tuple[tuple[int, Pause], ...]
    rolls: bool = True


def day_rows(calendar: Calendar, rule: Rule, count: CountedTerm) -> list[Row]:
    """A row for every day after the start up to the result, or up to the first day of an open pause that holds it."""
    return list(_rows(calendar, rule, count))


def _rows(calendar: Calendar, rule: Rule, count: CountedTerm) -> Iterator[Row]:
    step = _DAY if rule.direction == "after" else -_DAY
    day, counted = require_legal_day(count.start), 0
    while counted < count.units:
        day += step
        number, open_ended = _pause_of(day, count)
        if number is not None:
            yield _row(calendar, day, "paused", 0, number)
            if open_ended:
                return
        elif count.unit == "wd" and not calendar.is_working_day(day):
            yield _row(calendar, day, "skipped", 0, None)
        else:
            counted += 1
            yield _row(calendar, day, "counted", counted, None)
    if count.rolls and rule.roll != "none":
        yield from _roll(calendar, rule, count, day)


def _roll(calendar: Calendar, rule: Rule, count: CountedTerm, day: date) -> Iterator[Row]:
    step = _DAY if rule.roll == "forward" else -_DAY
    paused = spans([pause for _, pause in count.pauses])
    last = day
    while not _may_end(calendar.day(day), rule) or is_paused(day.toordinal(), paused):
        number, open_ended = _pause_of(day, count)
        if day != last:
            yield _row(calendar, day, "rolled" if number is None else "paused", 0, number)
        if open_ended:
            return
        day += step
    if day != last:
        yield _row(calendar, day, "due", 0, None)


def _may_end(day: CalendarDay, rule: Rule) -> bool:
    return day.kind is not DayKind.HOLIDAY and not (rule.roll_weekend and day.kind is DayKind.WEEKEND)


def _pause_of(day: date, count: CountedTerm) -> tuple[int | None, bool]:
    """The number of a pause that covers the day, and whether one of them is still open."""
    covering = [
        (number, pause.ends is None)
        for number, pause in count.pauses
        if require_legal_day(pause.starts) <= day and (pause.ends is None or day <= require_legal_day(pause.ends))
    ]
    return (covering[0][0], any(is_open for _, is_open in covering)) if covering else (None, False)


def _row(calendar: Calendar, day: date, treatment: str, counted: int, pause: int | None) -> Row:
    calendar_day = calendar.day(day) if day in calendar else None
    return {
        "day": day.isoformat(),
        "kind": calendar_day.kind.value if calendar_day else None,
        "name_zh": calendar_day.name_zh if calendar_day else "",
        "name_en": calendar_day.name_en if calendar_day else "",
        "notice": calendar_day.notice if calendar_day else "",
        "as": treatment,
        "count": counted,
        "pause": pause,
    }


def segments(count: CountedTerm) -> list[Row]:
    """For a term in hours: the segments of time counted and paused, one after the other."""
    start = count.start
    assert isinstance(start, datetime)
    return list(_segments(start, count.units * 60, [pause for _, pause in count.pauses]))


def _segments(start: datetime, left: int, pauses: list[Pause]) -> Iterator[Row]:
    for first, stop in intervals(pauses):
        if first > start:
            counted = min(left, int((first - start).total_seconds()) // 60)
            yield _segment(start, start + timedelta(minutes=counted), "counted", counted)
            left -= counted
        if not left:
            return
        if stop is None:
            yield {"from": max(first, start).strftime(_FORM), "to": None, "as": "paused", "minutes": 0}
            return
        if stop > max(first, start):
            yield _segment(max(first, start), stop, "paused", 0)
        start = max(start, stop)
    yield _segment(start, start + timedelta(minutes=left), "counted", left)


def _segment(first: datetime, last: datetime, treatment: str, minutes: int) -> Row:
    return {"from": first.strftime(_FORM), "to": last.strftime(_FORM), "as": treatment, "minutes": minutes}
