"""The facts of an inspection in the published language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.inspection.models import Finding, Inspection
from shared.database.session import Session
from shared.events.inspection import FindingConfirmed, InspectionCompleted
from shared.messaging import emit


def inspection_completed(session: Session, inspection: Inspection, experts: Sequence[dict[str, Any]], *, findings: int) -> None:
    """Tell the reviewed result."""
    stated: dict[str, Any] = inspection.model_dump(include=_AS_STATED)
    about = {"inspection_id": inspection.id, "inspected_on": inspection.inspection_on, "experts": experts, "findings": findings}
    emit(session, InspectionCompleted(**stated, **about))


_AS_STATED = {
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


def finding_confirmed(session: Session, inspection: Inspection, finding: Finding, confirmed_on: date) -> None:
    """Tell a finding that the review confirmed."""
    stated: dict[str, Any] = finding.model_dump(exclude={"id", "confirmed_on"})
    about = {
        "finding_id": finding.id,
        "assignment_id": inspection.assignment_id,
        "campaign_id": inspection.campaign_id,
        "object": inspection.object,
        "certificate": _certificate(inspection, finding),
        "confirmed_on": confirmed_on,
    }
    emit(session, FindingConfirmed(**stated, **about))


def _certificate(inspection: Inspection, finding: Finding) -> dict[str, Any]:
    """The drawn certificate with its status on the day of the act, where the finding is about it."""
    about_it = finding.certificate_no == inspection.certificate_no and finding.certificate_status is not None
    return inspection.certificate | ({"status": finding.certificate_status} if about_it else {})
