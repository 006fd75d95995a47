"""The term for matching inspectors (K01): it runs from the release of an object to its team."""

from collections.abc import Sequence
from datetime import date

from services.sampling.models import Assignment
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import Subject

MATCHED = "K01"


async def open_terms(session: Session, released: Sequence[Assignment]) -> None:
    """Let the term of each released object begin; the assignment shows its last day."""
    for assignment in released:
        record = await deadline_records.open_deadline(session, _subject(assignment), MATCHED)
        assignment.match_due_on = _known(record.due_on)


def _subject(assignment: Assignment) -> Subject:
    place = {"office": assignment.city, "city": assignment.city, "county": assignment.county}
    return Subject("assignment", assignment.id, assignment.task_no, campaign_id=assignment.campaign_id, **place)


def _known(day: date | None) -> date:
    assert day is not None  # no pause holds a term that has just begun
    return day


async def met(session: Session, assignment: Assignment) -> None:
    """The assignment has its team."""
    await deadline_records.meet(session, assignment.id, [MATCHED])


async def given_up(session: Session, assignment: Assignment, reason: str) -> None:
    """The object was replaced: nobody is to be matched any more."""
    await deadline_records.waive(session, assignment.id, [MATCHED], reason)
