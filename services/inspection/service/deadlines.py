"""The statutory terms of an inspection: notice (K02), result (K03), rectification (K31), recheck (K32)."""

from datetime import date

from services.inspection.models import Inspection, Rectification
from services.inspection.rules import reference_data
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import DeadlineRecord, Granted, Subject
from shared.deadline_records.opening import Term
from shared.security.auth import Caller

NOTICE, RESULT, RECTIFICATION, RECHECK = "K02", "K03", "K31", "K32"


async def expect_notice(session: Session, inspection: Inspection, day: date, *, by: Caller) -> None:
    """The object is to be told the day before `day`; a notice for another day is no longer owed."""
    await deadline_records.waive(session, inspection.id, [NOTICE], "scheduled anew", by=by)
    await deadline_records.open_deadline(session, _inspection(inspection), NOTICE, Term(day), by=by)


async def notified(session: Session, inspection: Inspection, *, by: Caller) -> None:
    """The object was told."""
    await deadline_records.meet(session, inspection.id, [NOTICE], by=by)


async def expect_result(session: Session, inspection: Inspection, day: date, *, by: Caller) -> None:
    """The inspection took place on `day`: its result is to be entered and published."""
    record = await deadline_records.open_deadline(session, _inspection(inspection), RESULT, Term(day), by=by)
    inspection.entry_due_on = record.due_on


async def completed(session: Session, inspection: Inspection, *, by: Caller) -> None:
    """The result stands."""
    await deadline_records.meet(session, inspection.id, [RESULT], by=by)


async def cancelled(session: Session, inspection: Inspection, reason: str) -> None:
    """The inspection will not take place."""
    await deadline_records.waive(session, inspection.id, None, reason)


async def expect_rectification(
    session: Session, inspection: Inspection, rectification: Rectification, days: int, document: str, *, by: Caller
) -> None:
    """The object is to report within `days`; those beyond the usual maximum count as an extension with its `document`."""
    usual = min(days, reference_data.rectification_days("max_days_without_approval"))
    granted = (Granted("issuing_agency", document, days - usual),) if days > usual else ()
    term = Term(rectification.ordered_on, usual, granted=granted)
    record = await deadline_records.open_deadline(session, _rectification(inspection, rectification), RECTIFICATION, term, by=by)
    rectification.due_on = _known(record)


async def reported(session: Session, inspection: Inspection, rectification: Rectification, day: date, *, by: Caller) -> None:
    """The object has reported: now the recheck is owed."""
    await deadline_records.meet(session, rectification.id, [RECTIFICATION], by=by)
    record = await deadline_records.open_deadline(session, _rectification(inspection, rectification), RECHECK, Term(day), by=by)
    rectification.recheck_due_on = record.due_on


async def rechecked(session: Session, rectification: Rectification, *, by: Caller) -> None:
    """The recheck is done; a report that never came is no longer waited for."""
    await deadline_records.meet(session, rectification.id, [RECHECK], by=by)
    await deadline_records.waive(session, rectification.id, [RECTIFICATION], f"rectification {rectification.state}", by=by)


def _inspection(inspection: Inspection) -> Subject:
    place = {"office": inspection.city, "city": inspection.city, "county": inspection.county}
    return Subject("inspection", inspection.id, inspection.task_no, campaign_id=inspection.campaign_id, **place)


def _rectification(inspection: Inspection, rectification: Rectification) -> Subject:
    place = {"office": inspection.city, "city": inspection.city, "county": inspection.county}
    return Subject("rectification", rectification.id, inspection.task_no, campaign_id=inspection.campaign_id, **place)


def _known(record: DeadlineRecord) -> date:
    assert record.due_on is not None  # no pause holds a term that has just begun
    return record.due_on
