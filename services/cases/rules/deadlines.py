"""Last days that no deadline record answers for, computed on the calendar that an act counts by."""

from datetime import date

from shared import deadlines
from shared.deadlines import Calendar


def due_day(code: str, day: date, calendar: Calendar) -> date:
    """The last day of a clock that runs from `day` without pause."""
    ends = deadlines.due(code, day, calendar=calendar).due_day
    assert ends is not None  # only an open pause leaves the day unknown
    return ends
