"""Why a kept deadline ends when it ends: by the rule and the calendar that it was counted by."""

from typing import Any

from shared import deadlines
from shared.database.session import ReadSession, Session
from shared.deadline_records.calendars import version_of
from shared.deadline_records.computation import recompute, rules
from shared.deadline_records.tables import NEVER, DeadlineRecord
from shared.deadlines.explain import Document


async def explained(session: ReadSession | Session, record: DeadlineRecord) -> Document:
    """The explanation (`ccc-date/1`). Raises YearNotCovered while the calendar does not reach the end of the term."""
    calendar = await version_of(session, record.calendar)
    return deadlines.explain(recompute(record, calendar, granted=True), rules=rules())


async def shown(session: ReadSession | Session, record: DeadlineRecord) -> dict[str, Any]:
    """A deadline with its explanation, where there can be one."""
    waits = record.ends_at == NEVER and not record.pauses
    return record.model_dump() | {"explanation": None if waits else await explained(session, record)}
