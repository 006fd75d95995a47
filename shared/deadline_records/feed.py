"""Deadlines as an iCalendar feed (RFC 5545), so that an organisation sees them in its own calendar programs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.deadline_records.tables import DeadlineRecord

if TYPE_CHECKING:
    from icalendar import Event

_DAY = timedelta(days=1)


def feed(name: str, records: Iterable[DeadlineRecord], now: datetime, *, chinese: bool) -> bytes:
    """One all-day event for each deadline with a known last day; the same deadline keeps its UID when it moves."""
    from icalendar import Calendar  # noqa: PLC0415  (2 MB that most processes never need)

    calendar = Calendar()
    calendar.add("prodid", "-//CCC supervision platform//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    for record in records:
        calendar.add_component(_event(record, now, chinese=chinese))
    return bytes(calendar.to_ical())


def _event(record: DeadlineRecord, now: datetime, *, chinese: bool) -> "Event":
    from icalendar import Event  # noqa: PLC0415  (as above)

    assert record.due_on is not None
    event = Event()
    event.add("uid", f"{record.id}@deadlines.ccc")
    event.add("dtstamp", now)
    event.add("dtstart", record.due_on)
    event.add("dtend", record.due_on + _DAY)
    event.add("summary", f"{record.code} {record.name_zh if chinese else record.name_en} {record.subject_no}")
    event.add("description", f"{record.subject_kind} {record.subject_no}; {record.rule}; {record.state.value}; {record.office}")
    event.add("categories", [record.code, record.state.value])
    event.add("transp", "TRANSPARENT")
    return event
