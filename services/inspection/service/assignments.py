"""Assignments of sampling and their inspections: opened with the team, changed with it, cancelled with the object."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.inspection.models import AssignedExpert, Campaign, Inspection
from services.inspection.rules import reference_data
from services.inspection.rules.states import OPEN, InspectionEvent
from services.inspection.service import alerts, deadlines
from services.inspection.service.locking import apply_event
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.sampling import ExpertAllotted, InspectorReplaced, ObjectReplaced, TeamAssigned
from shared.events.value_objects import TeamMember
from shared.security import audit
from shared.security.auth import SYSTEM


async def open_inspection(session: Session, event: TeamAssigned) -> None:
    """Create the inspection of an assignment, or give an open one its new team."""
    inspection = await _locked(session, event.assignment_id)
    if inspection is not None:
        _set_team(inspection, event.members)
        return
    campaign = await session.get(Campaign, event.campaign_id)
    campaign_version = campaign.checklist_version if campaign else None
    inspection = Inspection(
        assignment_id=event.assignment_id,
        campaign_id=event.campaign_id,
        task_no=event.task_no,
        uscc=event.object.uscc,
        city=event.object.city,
        county=event.object.county,
        certificate_no=event.certificate.certificate_no,
        object=event.object.model_dump(mode="json"),
        certificate=event.certificate.model_dump(mode="json"),
        members=[member.model_dump(mode="json") for member in event.members],
        checklist_version=campaign_version or reference_data.newest_checklist(legal_day(session.now)),
        created_at=session.now,
    )
    session.add(inspection)
    await session.flush()
    audit.record(session, SYSTEM, "inspection.opened", inspection.id, assignment=str(event.assignment_id))
    await alerts.raise_if_changed_since_draw(session, inspection)


async def change_team(session: Session, event: InspectorReplaced) -> None:
    """Give an open inspection its team as it is after a replacement."""
    inspection = await _locked(session, event.assignment_id)
    if inspection is not None:
        _set_team(inspection, event.members)


async def assign_expert(session: Session, event: ExpertAllotted) -> None:
    """Store the expert of an assignment (调派), whether or not it has a team yet."""
    values = {
        "assignment_id": event.assignment_id,
        "expert_id": event.expert.expert_id,
        "expert": event.expert.model_dump(mode="json"),
    }
    await session.exec(insert(AssignedExpert).values(values).on_conflict_do_nothing())


async def cancel(session: Session, event: ObjectReplaced) -> None:
    """Cancel the inspection of an object that was replaced, unless it has ended."""
    inspection = await _locked(session, event.assignment_id)
    if inspection is not None and inspection.state in OPEN:
        apply_event(inspection, InspectionEvent.CANCEL)
        inspection.note = event.reason
        await deadlines.waive_all(session, inspection, event.reason)
        audit.record(session, SYSTEM, "inspection.cancelled", inspection.id, reason=event.reason)


def _set_team(inspection: Inspection, members: Sequence[TeamMember]) -> None:
    if inspection.state in OPEN:
        inspection.members = [member.model_dump(mode="json") for member in members]
        inspection.version += 1


async def _locked(session: Session, assignment_id: UUID) -> Inspection | None:
    rows = select(Inspection).where(col(Inspection.assignment_id) == assignment_id).with_for_update()
    return (await session.exec(rows)).one_or_none()
