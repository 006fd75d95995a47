"""The statutory deadlines of an inspection: notice (K02), result (K03), rectification (K31), recheck (K32)."""

from datetime import date

from services.inspection.models import Inspection, Rectification
from services.inspection.rules import reference_data
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import DeadlineRecord, Granted, Subject
from shared.deadline_records.opening import Term
from shared.security.auth import Caller

NOTICE, RESULT, RECTIFICATION, RECHECK = "K02", "K03", "K31", "K32"


async def open_notice(session: Session, inspection: Inspection, day: date, *, by: Caller) -> None:
    """Open the deadline of the notice for an inspection on `day`; that of an earlier schedule is waived."""
    await deadline_records.waive(session, inspection.id, [NOTICE], "rescheduled", by=by)
    await deadline_records.open_deadline(session, _inspection(inspection), NOTICE, Term(day), by=by)


async def meet_notice(session: Session, inspection: Inspection, *, by: Caller) -> None:
    """The object was notified."""
    await deadline_records.meet(session, inspection.id, [NOTICE], by=by)


async def open_result(session: Session, inspection: Inspection, day: date, *, by: Caller) -> None:
    """Open the deadline for entering and publishing the result of an inspection that took place on `day`."""
    record = await deadline_records.open_deadline(session, _inspection(inspection), RESULT, Term(day), by=by)
    inspection.entry_due_on = record.due_on


async def meet_result(session: Session, inspection: Inspection, *, by: Caller) -> None:
    """The result was reviewed and entered."""
    await deadline_records.meet(session, inspection.id, [RESULT], by=by)


async def waive_all(session: Session, inspection: Inspection, reason: str) -> None:
    """Waive every deadline of an inspection that will not take place."""
    await deadline_records.waive(session, inspection.id, None, reason)


async def open_rectification(
    session: Session, inspection: Inspection, rectification: Rectification, days: int, document: str, *, by: Caller
) -> None:
    """Open the deadline of the object's report, in days; those beyond the usual maximum are an extension with its `document`."""
    usual = min(days, reference_data.rectification_days("max_days_without_approval"))
    granted = (Granted("issuing_agency", document, days - usual),) if days > usual else ()
    term = Term(rectification.ordered_on, usual, granted=granted)
    record = await deadline_records.open_deadline(session, _rectification(inspection, rectification), RECTIFICATION, term, by=by)
    rectification.due_on = _due_day(record)


async def open_recheck(session: Session, inspection: Inspection, rectification: Rectification, day: date, *, by: Caller) -> None:
    """The object reported on `day`: its deadline is met, that of the recheck is opened."""
    await deadline_records.meet(session, rectification.id, [RECTIFICATION], by=by)
    record = await deadline_records.open_deadline(session, _rectification(inspection, rectification), RECHECK, Term(day), by=by)
    rectification.recheck_due_on = record.due_on


async def meet_recheck(session: Session, rectification: Rectification, *, by: Caller) -> None:
    """The recheck is done; the deadline of a report that never came is waived."""
    await deadline_records.meet(session, rectification.id, [RECHECK], by=by)
    await deadline_records.waive(session, rectification.id, [RECTIFICATION], f"rectification {rectification.state}", by=by)


def _inspection(inspection: Inspection) -> Subject:
    location = {"office": inspection.city, "city": inspection.city, "county": inspection.county}
    return Subject("inspection", inspection.id, inspection.task_no, campaign_id=inspection.campaign_id, **location)


def _rectification(inspection: Inspection, rectification: Rectification) -> Subject:
    location = {"office": inspection.city, "city": inspection.city, "county": inspection.county}
    return Subject("rectification", rectification.id, inspection.task_no, campaign_id=inspection.campaign_id, **location)


def _due_day(record: DeadlineRecord) -> date:
    assert record.due_on is not None  # no pause suspends a deadline that was just opened
    return record.due_on
