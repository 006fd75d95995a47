"""The events that the inspection service publishes."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.inspection.models import Finding, Inspection, Notice, Rectification
from shared.database.session import Session
from shared.events.inspection import (
    FindingConfirmed,
    InspectionCompleted,
    ObjectNotified,
    RectificationClosed,
    RectificationFailed,
    RectificationOrdered,
    RectificationReported,
)
from shared.messaging import emit

_COMPLETED_COLUMNS = {
    "assignment_id",
    "campaign_id",
    "task_no",
    "object",
    "certificate",
    "members",
    "submitted_on",
    "reviewed_on",
    "result",
    "methods",
    "object_state",
    "follow_up",
    "refused_to_sign",
    "entry_due_on",
}


def object_notified(session: Session, inspection: Inspection, notice: Notice) -> None:
    """The object was notified of the inspection, or of a changed team."""
    emit(
        session,
        ObjectNotified(
            inspection_id=inspection.id,
            assignment_id=inspection.assignment_id,
            campaign_id=inspection.campaign_id,
            uscc=inspection.uscc,
            inspection_on=notice.inspection_on,
            notified_at=notice.notified_at,
            channel=notice.channel,
            content_hash=notice.content_hash,
            supplementary="supplements" in notice.content,
        ),
    )


def inspection_completed(session: Session, inspection: Inspection, experts: Sequence[dict[str, Any]], *, findings: int) -> None:
    """The review approved the result."""
    columns: dict[str, Any] = inspection.model_dump(include=_COMPLETED_COLUMNS)
    computed = {
        "inspection_id": inspection.id,
        "inspected_on": inspection.inspection_on,
        "experts": experts,
        "findings": findings,
    }
    emit(session, InspectionCompleted(**columns, **computed))


def finding_confirmed(session: Session, inspection: Inspection, finding: Finding, confirmed_on: date) -> None:
    """The review confirmed a finding."""
    columns: dict[str, Any] = finding.model_dump(exclude={"id", "confirmed_on"})
    computed = {
        "finding_id": finding.id,
        "assignment_id": inspection.assignment_id,
        "campaign_id": inspection.campaign_id,
        "object": inspection.object,
        "certificate": _certificate(inspection, finding),
        "confirmed_on": confirmed_on,
    }
    emit(session, FindingConfirmed(**columns, **computed))


def _certificate(inspection: Inspection, finding: Finding) -> dict[str, Any]:
    """The drawn certificate with its status on the day of the act, where the finding concerns it."""
    of_drawn = finding.certificate_no == inspection.certificate_no and finding.certificate_status is not None
    return inspection.certificate | ({"status": finding.certificate_status} if of_drawn else {})


def rectification_ordered(session: Session, rectification: Rectification) -> None:
    """An object was ordered to rectify a finding."""
    order = {"requirement": rectification.requirement, "due_on": rectification.due_on}
    emit(session, RectificationOrdered(**_ids(rectification), **order))


def rectification_reported(session: Session, rectification: Rectification, evidence_ids: Sequence[UUID]) -> None:
    """The object reported its rectification, with evidence."""
    days = {"reported_on": rectification.reported_on, "recheck_due_on": rectification.recheck_due_on}
    emit(session, RectificationReported(**_ids(rectification), **days, evidence_ids=tuple(evidence_ids)))


def rectification_closed(session: Session, rectification: Rectification, day: date) -> None:
    """The recheck on `day` passed."""
    emit(session, RectificationClosed(**_ids(rectification), rechecked_on=day, closed_on=day))


def rectification_failed(session: Session, rectification: Rectification, day: date, reason: str) -> None:
    """The recheck on `day` failed."""
    emit(session, RectificationFailed(**_ids(rectification), failed_on=day, reason=reason))


def _ids(rectification: Rectification) -> dict[str, Any]:
    ids = rectification.model_dump(include={"finding_id", "inspection_id", "campaign_id"})
    return ids | {"rectification_id": rectification.id}
