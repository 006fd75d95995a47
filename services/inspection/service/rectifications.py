"""Orders to correct: ordered with the review, reported by the object, rechecked, closed or failed."""

from datetime import date
from typing import Any
from uuid import UUID

from services.inspection.models import Finding, Inspection, Rectification
from services.inspection.queries import evidence
from services.inspection.rules import rectification as rule
from services.inspection.rules.states import require_rectification
from services.inspection.service import deadlines
from services.inspection.service.locking import locked_rectification
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session
from shared.events.inspection import (
    RectificationClosed,
    RectificationFailed,
    RectificationOrdered,
    RectificationReported,
)
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import RectificationState


async def order(session: Session, inspection: Inspection, finding: Finding, approved: str, *, by: Caller) -> None:
    """Order a confirmed finding to be put right; its term begins with the review, `approved` documents a longer one."""
    assert finding.rectify_days is not None
    today = legal_day(session.now)
    rectification = Rectification(
        id=new_id(),
        finding_id=finding.id,
        inspection_id=inspection.id,
        campaign_id=inspection.campaign_id,
        uscc=inspection.uscc,
        requirement=finding.requirement or "",
        ordered_on=today,
        due_on=today,
    )
    await deadlines.expect_rectification(session, inspection, rectification, finding.rectify_days, approved, by=by)
    session.add(rectification)
    due = {"requirement": rectification.requirement, "due_on": rectification.due_on}
    emit(session, RectificationOrdered(**_about(rectification), **due))


def _about(rectification: Rectification) -> dict[str, Any]:
    about = rectification.model_dump(include={"finding_id", "inspection_id", "campaign_id"})
    return about | {"rectification_id": rectification.id}


async def report(session: Session, rectification_id: UUID, text: str, *, by: Caller) -> Rectification:
    """The object reports that it has corrected; what it uploaded before belongs to the report."""
    rectification, inspection = await locked_rectification(session, rectification_id, by)
    require_rectification("report", rectification.state)
    today = legal_day(session.now)
    rectification.state = RectificationState.REPORTED
    rectification.report, rectification.reported_on = text, today
    await deadlines.reported(session, inspection, rectification, today, by=by)
    audit.record(session, by, "rectification.reported", rectification_id)
    due = {"reported_on": today, "recheck_due_on": rectification.recheck_due_on}
    shown = tuple(await evidence.ids_of_rectification(session, rectification_id))
    emit(session, RectificationReported(**_about(rectification), **due, evidence_ids=shown))
    return rectification


async def schedule_recheck(session: Session, rectification_id: UUID, day: date, *, by: Caller) -> Rectification:
    """Set the day of the recheck, or another one."""
    rectification, _ = await locked_rectification(session, rectification_id, by)
    require_rectification("schedule_recheck", rectification.state)
    assert rectification.recheck_due_on is not None
    rule.require_recheck_day(day, legal_day(session.now), rectification.recheck_due_on)
    rectification.state, rectification.recheck_on = RectificationState.RECHECK_SCHEDULED, day
    audit.record(session, by, "rectification.recheck_scheduled", rectification_id, recheck_on=day)
    return rectification


async def recheck(session: Session, rectification_id: UUID, note: str, *, passed: bool, by: Caller) -> Rectification:
    """Close or fail a rectification; a failure hands the matter on to a case."""
    rectification, _ = await locked_rectification(session, rectification_id, by)
    today = legal_day(session.now)
    rule.require_recheckable(rectification.state, rectification.due_on, today, passed=passed)
    rectification.recheck_note, rectification.rechecked_by, rectification.rechecked_on = note, by.subject, today
    audit.record(session, by, "rectification.rechecked", rectification_id, passed=passed)
    if passed:
        rectification.state, rectification.closed_on = RectificationState.CLOSED, today
        emit(session, RectificationClosed(**_about(rectification), rechecked_on=today, closed_on=today))
    else:
        rectification.state, rectification.failed_on = RectificationState.FAILED, today
        emit(session, RectificationFailed(**_about(rectification), failed_on=today, reason=note))
    await deadlines.rechecked(session, rectification, by=by)
    return rectification
