"""The working-day calendar: the kind of each day and the notice of the State Council that it rests on.

Everything is computed once, when the calendar is made: afterwards a working-day term is two look-ups in a list. A year
that the calendar does not cover is an error naming the year, never silently Monday to Friday.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from shared.deadlines.errors import YearNotCovered

ALARM_DAYS = 90
SATURDAY = 5


class DayKind(StrEnum):
    """The kind of a day."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    WORKING_WEEKEND = "working_weekend"


class ArrangedDay(NamedTuple):
    """A day that a notice arranges: off or worked (调休), for which festival."""

    working: bool
    name_zh: str
    name_en: str
    notice: str


class CalendarDay(NamedTuple):
    """The kind of a day with its basis. Names and notice are empty for ordinary working days and weekends."""

    kind: DayKind
    name_zh: str = ""
    name_en: str = ""
    notice: str = ""

    @property
    def working(self) -> bool:
        """Whether the day is a working day."""
        return self.kind in {DayKind.WORKING, DayKind.WORKING_WEEKEND}


class Notice(NamedTuple):
    """A notice of the State Council's office. `number` is empty where it has not been verified (mark K)."""

    id: str
    number: str
    title: str
    mark: str


_WORKING, _WEEKEND = CalendarDay(DayKind.WORKING), CalendarDay(DayKind.WEEKEND)


class Calendar:
    """An immutable working-day calendar over whole years, without a gap between `first` and `last`."""

    def __init__(
        self,
        version: str,
        digest: str,
        first_year: int,
        last_year: int,
        arranged_days: Mapping[date, ArrangedDay],
        notices: Mapping[str, Notice],
    ) -> None:
        """Index the days of the years from `first_year` to `last_year`, both included."""
        self.version = version
        self.digest = digest
        self.first = date(first_year, 1, 1)
        self.last = date(last_year, 12, 31)
        self.notices = notices
        self._base = self.first.toordinal()
        self._size = self.last.toordinal() - self._base + 1
        self._days = [_calendar_day(self.first + timedelta(n), arranged_days) for n in range(self._size)]
        flags = [day.working for day in self._days]
        self._counted = list(accumulate(flags))
        self._working = [self._base + n for n, flag in enumerate(flags) if flag]
        self._total = len(self._working)

    def __contains__(self, day: date) -> bool:
        """Whether the calendar covers `day`."""
        return self.first <= day <= self.last

    def day(self, day: date) -> CalendarDay:
        """The kind of `day` and the notice that it rests on.

        Raises:
            YearNotCovered: the calendar does not cover the day.
        """
        return self._days[self._index(day.toordinal())]

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a working day, 调休 included.

        Raises:
            YearNotCovered: the calendar does not cover the day.
        """
        return self.day(day).working

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`.

        Raises:
            YearNotCovered: the calendar ends before it.
        """
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before `day`.

        Raises:
            YearNotCovered: the calendar begins after it.
        """
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is the `count`-th after `day` (before it, if negative); `day` itself is not counted.

        Raises:
            YearNotCovered: the calendar does not reach it.
        """
        return date.fromordinal(self.working_after(day.toordinal(), count))

    def working_after(self, ordinal: int, count: int) -> int:
        """`add_working_days` over day ordinals; zero gives the day itself.

        Raises:
            YearNotCovered: the calendar does not reach it.
        """
        index = ordinal - self._base
        if count > 0 and 0 <= index < self._size:
            rank = self._counted[index] + count - 1
        elif count == 0:
            return ordinal
        else:
            rank = self._counted[self._index(ordinal)] - self._days[index].working + count
        if 0 <= rank < self._total:
            return self._working[rank]
        raise _not_covered(self.last.year + 1 if rank > 0 else self.first.year - 1)

    def working_days_between(self, first: date, last: date) -> int:
        """The number of working days from `first` to `last`, both included; 0 if `last` is earlier.

        Raises:
            YearNotCovered: the calendar does not cover both days.
        """
        return self.working_until(last.toordinal()) - self.working_until(first.toordinal() - 1) if first <= last else 0

    def working_until(self, ordinal: int) -> int:
        """The number of working days from the beginning of the calendar to this day, included.

        Raises:
            YearNotCovered: the calendar does not cover the day.
        """
        return 0 if ordinal == self._base - 1 else self._counted[self._index(ordinal)]

    def ends_soon(self, today: date) -> bool:
        """Whether the calendar's coverage ends within 90 days from `today`: time to publish the next year."""
        return (self.last - today).days < ALARM_DAYS

    def _index(self, ordinal: int) -> int:
        index = ordinal - self._base
        if 0 <= index < self._size:
            return index
        raise _not_covered(date.fromordinal(ordinal).year)


def _calendar_day(day: date, arranged_days: Mapping[date, ArrangedDay]) -> CalendarDay:
    arranged = arranged_days.get(day)
    if arranged is None:
        return _WORKING if day.weekday() < SATURDAY else _WEEKEND
    kind = DayKind.WORKING_WEEKEND if arranged.working else DayKind.HOLIDAY
    return CalendarDay(kind, arranged.name_zh, arranged.name_en, arranged.notice)


def _not_covered(year: int) -> YearNotCovered:
    return YearNotCovered(f"工作日历不含{year}年 / the calendar does not cover {year}", pointer="/trigger", year=year)
