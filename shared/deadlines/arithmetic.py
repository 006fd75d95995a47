"""The arithmetic of terms over day ordinals and instants; uses a calendar, but no rules.

A span is a pair (first, last) of paused day ordinals, both included; last None means still open. Spans are merged and
sorted, so that overlapping and nested pauses count once. A result of None means: an open pause holds the term.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from shared.deadlines.calendar import Calendar, DayKind

Span = tuple[int, int | None]
Interval = tuple[datetime, datetime | None]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans without overlap; an open one swallows everything behind it."""
    merged: list[Span] = []
    for first, last in sorted(spans, key=lambda span: span[0]):
        if merged and (merged[-1][1] is None or first <= merged[-1][1] + 1):
            before = merged[-1][1]
            merged[-1] = (merged[-1][0], None if before is None or last is None else max(before, last))
        else:
            merged.append((first, last))
    return merged


def merge_intervals(intervals: Iterable[Interval]) -> list[Interval]:
    """The same for half-open intervals of instants."""
    merged: list[Interval] = []
    for start, stop in sorted(intervals, key=lambda interval: interval[0]):
        if merged and (merged[-1][1] is None or start <= merged[-1][1]):
            before = merged[-1][1]
            merged[-1] = (merged[-1][0], None if before is None or stop is None else max(before, stop))
        else:
            merged.append((start, stop))
    return merged


def add_working_days(calendar: Calendar, start: int, count: int, spans: Sequence[Span]) -> int | None:
    """The `count`-th working day after `start` that lies in no span.

    Raises:
        YearNotCovered: the calendar ends before it.
    """
    end = calendar.working_after(start, count)
    for first, last in spans:
        if first > end or not count:
            break
        if last is None:
            return None
        if last > start:
            count += calendar.working_until(last) - calendar.working_until(max(first - 1, start))
            end = calendar.working_after(start, count)
    return end


def add_natural_days(start: int, count: int, spans: Sequence[Span]) -> int | None:
    """The `count`-th day after `start` that lies in no span."""
    end = start + count
    for first, last in spans:
        if first > end or not count:
            break
        if last is None:
            return None
        end += max(0, last - max(first - 1, start))
    return end


def add_minutes(start: datetime, count: int, intervals: Sequence[Interval]) -> datetime | None:
    """The instant `count` minutes after `start`, the intervals not counted."""
    end = start + timedelta(minutes=count)
    for first, stop in intervals:
        if first >= end:
            break
        if stop is None:
            return None
        end += max(timedelta(), stop - max(first, start))
    return end


def may_end(calendar: Calendar, ordinal: int, *, weekend: bool) -> bool:
    """Whether a term may end on this day: no holiday and, by the switch, no weekend.

    Raises:
        YearNotCovered: the calendar does not cover the day.
    """
    kind = calendar.day(date.fromordinal(ordinal)).kind
    return kind is not DayKind.HOLIDAY and not (weekend and kind is DayKind.WEEKEND)


def roll(calendar: Calendar, end: int, step: int, spans: Sequence[Span], *, weekend: bool) -> int | None:
    """The day itself or the first one from it (by step 1 or -1) on which a term may end; paused days are skipped too.

    Raises:
        YearNotCovered: the calendar ends before it.
    """
    while not may_end(calendar, end, weekend=weekend) or is_paused(end, spans):
        if any(last is None and first <= end for first, last in spans):
            return None
        end += step
    return end


def is_paused(ordinal: int, spans: Sequence[Span]) -> bool:
    """Whether the day lies in a span."""
    return any(first <= ordinal and (last is None or ordinal <= last) for first, last in spans)
