"""The deadlines of a case or transfer: opened, stopped for a while, extended and met with its steps."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from services.cases import queries
from services.cases.models import Case, CriminalTransfer
from services.cases.rules.bodies import Person
from services.cases.rules.steps import GrantedExtension
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import Granted, Paused, Subject
from shared.deadline_records.changes import may_pause, open_deadlines_of
from shared.deadline_records.opening import Term
from shared.deadlines import Moment
from shared.security.auth import Caller


def of_case(case: Case) -> Subject:
    """A case as the subject of deadlines."""
    return Subject("case", case.id, case.case_no or case.clue_no, case.office, case.city, case.county, case.campaign_id)


def of_transfer(transfer: CriminalTransfer, case: Case) -> Subject:
    """A criminal transfer as the subject of deadlines."""
    place = {"office": case.office, "city": transfer.city, "county": transfer.county}
    return Subject("criminal_transfer", transfer.id, case.clue_no, campaign_id=transfer.campaign_id, **place)


async def start(
    session: Session, subject: Subject, codes: Iterable[str], by: Caller, triggers: Mapping[str, Moment] | None = None
) -> None:
    """Open these deadlines now, or at the trigger that the act names."""
    for code in codes:
        await deadline_records.open_deadline(session, subject, code, Term((triggers or {}).get(code)), by=by)


async def pause(session: Session, subject_id: UUID, paused: Paused, by: Caller) -> None:
    """Stop every running deadline that may stand still on this ground, from today."""
    for record in await open_deadlines_of(session, subject_id):
        if may_pause(record, paused.ground):
            await deadline_records.pause(session, record, paused, by=by)


async def resume(session: Session, subject_id: UUID, document: str, by: Caller) -> None:
    """Let stopped deadlines run on from today."""
    for record in await open_deadlines_of(session, subject_id):
        if any(each["ends"] is None for each in record.pauses):
            await deadline_records.resume(session, record, document, by=by)


async def extend(session: Session, subject_id: UUID, granted: GrantedExtension, by: Caller) -> None:
    """Extend a running deadline.

    Raises:
        DeadlineNotFound: no such deadline runs.
        DeadlineError: its rule does not allow this extension.
    """
    record = await queries.running_deadline(session, subject_id, granted.code)
    decided = Granted(granted.approver, granted.document, granted.amount, granted.until)
    await deadline_records.extend(session, record, decided, by=by)


async def bar(session: Session, subject_id: UUID, handlers: Iterable[Person]) -> None:
    """Keep the persons who handle a matter from granting time in it."""
    for record in await open_deadlines_of(session, subject_id):
        record.excluded_subjects = [handler.subject for handler in handlers]


async def move_to(session: Session, case: Case) -> None:
    """Let the deadlines follow a case to another bureau, or to its new number."""
    subject = of_case(case)
    for record in await open_deadlines_of(session, case.id):
        record.office, record.city, record.county, record.subject_no = subject.office, case.city, case.county, subject.no


async def last_days(session: Session, subject_id: UUID) -> dict[str, date | None]:
    """The last day of each open deadline."""
    return {record.code: record.due_on for record in await open_deadlines_of(session, subject_id)}
