"""The explanation of a stored deadline: by the rule and the calendar that it was computed with."""

from typing import Any

from shared import deadlines
from shared.database.session import ReadSession, Session
from shared.deadline_records.calendars import version_of
from shared.deadline_records.computation import recompute, rules
from shared.deadline_records.tables import NEVER, DeadlineRecord
from shared.deadlines.explain import Document


async def explanation_of(session: ReadSession | Session, record: DeadlineRecord) -> Document:
    """The explanation (`ccc-date/1`).

    Raises:
        YearNotCovered: the calendar does not reach the end of the term yet.
    """
    calendar = await version_of(session, record.calendar)
    return deadlines.explain(recompute(record, calendar, granted=True), rules=rules())


async def with_explanation(session: ReadSession | Session, record: DeadlineRecord) -> dict[str, Any]:
    """The columns of a deadline with its explanation, None while the calendar does not reach its end."""
    uncovered = record.ends_at == NEVER and not record.pauses
    return record.model_dump() | {"explanation": None if uncovered else await explanation_of(session, record)}
