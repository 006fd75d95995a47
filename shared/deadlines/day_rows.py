"""The days of an explanation, walked one by one: slower than the engine and independent of its short cuts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from shared.deadlines.arithmetic import paused
from shared.deadlines.calendar import Calendar, DayKind, Why
from shared.deadlines.inputs import Moment, Pause, intervals, legal_day, spans
from shared.deadlines.rules import Rule

Row = dict[str, Any]
_DAY = timedelta(days=1)
_FORM = "%Y-%m-%dT%H:%MZ"


class Count(NamedTuple):
    """What is counted: `units` (wd, d or h) after `start`, without the pauses (each with its number)."""

    start: Moment
    unit: str
    units: int
    pauses: tuple[tuple[int, Pause], ...]
    rolls: bool = True


def day_rows(calendar: Calendar, rule: Rule, count: Count) -> list[Row]:
    """A row for every day after the start up to the result, or up to the first day of an open pause that holds it."""
    return list(_walk(calendar, rule, count))


def _walk(calendar: Calendar, rule: Rule, count: Count) -> Iterator[Row]:
    step = _DAY if rule.direction == "after" else -_DAY
    day, counted = legal_day(count.start), 0
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


def _roll(calendar: Calendar, rule: Rule, count: Count, day: date) -> Iterator[Row]:
    step = _DAY if rule.roll == "forward" else -_DAY
    held = spans([pause for _, pause in count.pauses])
    last = day
    while not _may_end(calendar.why(day), rule) or paused(day.toordinal(), held):
        number, open_ended = _pause_of(day, count)
        if day != last:
            yield _row(calendar, day, "rolled" if number is None else "paused", 0, number)
        if open_ended:
            return
        day += step
    if day != last:
        yield _row(calendar, day, "due", 0, None)


def _may_end(why: Why, rule: Rule) -> bool:
    return why.kind is not DayKind.HOLIDAY and not (rule.roll_weekend and why.kind is DayKind.WEEKEND)


def _pause_of(day: date, count: Count) -> tuple[int | None, bool]:
    """The number of a pause that covers the day, and whether one of them is still open."""
    covering = [
        (number, pause.ends is None)
        for number, pause in count.pauses
        if legal_day(pause.starts) <= day and (pause.ends is None or day <= legal_day(pause.ends))
    ]
    return (covering[0][0], any(still for _, still in covering)) if covering else (None, False)


def _row(calendar: Calendar, day: date, treated: str, counted: int, pause: int | None) -> Row:
    why = calendar.why(day) if day in calendar else None
    return {
        "day": day.isoformat(),
        "kind": why.kind.value if why else None,
        "name_zh": why.name_zh if why else "",
        "name_en": why.name_en if why else "",
        "notice": why.notice if why else "",
        "as": treated,
        "count": counted,
        "pause": pause,
    }


def stretches(count: Count) -> list[Row]:
    """For a term in hours: the stretches of time counted and paused, one after the other."""
    start = count.start
    assert isinstance(start, datetime)
    return list(_stretches(start, count.units * 60, [pause for _, pause in count.pauses]))


def _stretches(at: datetime, left: int, pauses: list[Pause]) -> Iterator[Row]:
    for first, stop in intervals(pauses):
        if first > at:
            gone = min(left, int((first - at).total_seconds()) // 60)
            yield _stretch(at, at + timedelta(minutes=gone), "counted", gone)
            left -= gone
        if not left:
            return
        if stop is None:
            yield {"from": max(first, at).strftime(_FORM), "to": None, "as": "paused", "minutes": 0}
            return
        if stop > max(first, at):
            yield _stretch(max(first, at), stop, "paused", 0)
        at = max(at, stop)
    yield _stretch(at, at + timedelta(minutes=left), "counted", left)


def _stretch(first: datetime, last: datetime, treated: str, minutes: int) -> Row:
    return {"from": first.strftime(_FORM), "to": last.strftime(_FORM), "as": treated, "minutes": minutes}
