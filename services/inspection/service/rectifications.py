"""Rectifications: ordered with the review, reported by the object, rechecked, closed or failed."""

from datetime import date
from uuid import UUID

from services.inspection.models import Finding, Inspection, Rectification
from services.inspection.queries import evidence
from services.inspection.rules import rectification as rules
from services.inspection.rules.states import RectificationEvent, require_rectification
from services.inspection.service import deadlines, events
from services.inspection.service.locking import lock_rectification
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import RectificationState


async def order(session: Session, inspection: Inspection, finding: Finding, approval: str, *, by: Caller) -> None:
    """Order the rectification of a confirmed finding; its term begins with the review, `approval` documents a longer one."""
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
    await deadlines.open_rectification(session, inspection, rectification, finding.rectify_days, approval, by=by)
    session.add(rectification)
    events.rectification_ordered(session, rectification)


async def report(session: Session, rectification_id: UUID, text: str, *, by: Caller) -> Rectification:
    """Record the object's report; the evidence that it uploaded before belongs to the report.

    Raises:
        RectificationNotFound: the caller sees no such rectification.
        TransitionForbidden: it was reported, closed or failed before.
    """
    rectification, inspection = await lock_rectification(session, rectification_id, by=by)
    require_rectification(rectification.state, RectificationEvent.REPORT)
    today = legal_day(session.now)
    rectification.state = RectificationState.REPORTED
    rectification.report, rectification.reported_on = text, today
    await deadlines.open_recheck(session, inspection, rectification, today, by=by)
    audit.record(session, by, "rectification.reported", rectification_id)
    events.rectification_reported(session, rectification, await evidence.ids_of_rectification(session, rectification_id))
    return rectification


async def schedule_recheck(session: Session, rectification_id: UUID, day: date, *, by: Caller) -> Rectification:
    """Set the day of the recheck, or another one.

    Raises:
        RectificationNotFound: the caller sees no such rectification.
        TransitionForbidden: it was not reported yet, or is closed or failed.
        RecheckDayOutside: the day is past or after the deadline of the recheck (K32).
    """
    rectification, _ = await lock_rectification(session, rectification_id, by=by)
    require_rectification(rectification.state, RectificationEvent.SCHEDULE_RECHECK)
    assert rectification.recheck_due_on is not None
    rules.require_recheck_day(day, legal_day(session.now), rectification.recheck_due_on)
    rectification.state, rectification.recheck_on = RectificationState.RECHECK_SCHEDULED, day
    audit.record(session, by, "rectification.recheck_scheduled", rectification_id, recheck_on=day)
    return rectification


async def recheck(session: Session, rectification_id: UUID, note: str, *, passed: bool, by: Caller) -> Rectification:
    """Close or fail a rectification; a failure becomes a case.

    Raises:
        RectificationNotFound: the caller sees no such rectification.
        TransitionForbidden: it was closed or failed before.
        RectificationNotReported: there is no report, and the term has not ended.
    """
    rectification, _ = await lock_rectification(session, rectification_id, by=by)
    today = legal_day(session.now)
    rules.require_recheckable(rectification.state, rectification.due_on, today, passed=passed)
    rectification.recheck_note, rectification.rechecked_by, rectification.rechecked_on = note, by.subject, today
    audit.record(session, by, "rectification.rechecked", rectification_id, passed=passed)
    if passed:
        rectification.state, rectification.closed_on = RectificationState.CLOSED, today
        events.rectification_closed(session, rectification, today)
    else:
        rectification.state, rectification.failed_on = RectificationState.FAILED, today
        events.rectification_failed(session, rectification, today, note)
    await deadlines.meet_recheck(session, rectification, by=by)
    return rectification
