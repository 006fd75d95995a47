"""What sampling decides about an assignment, carried over to its inspection."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.inspection.models import AllottedExpert, Campaign, Inspection
from services.inspection.rules import reference_data
from services.inspection.rules.states import OPEN, Act
from services.inspection.service import alerts, deadlines
from services.inspection.service.locking import move
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.sampling import ExpertAllotted, TeamAssigned
from shared.events.value_objects import TeamMember
from shared.security import audit
from shared.security.auth import SYSTEM


async def open_inspection(session: Session, team: TeamAssigned) -> None:
    """Make the inspection of an assignment, or give an open one its new team."""
    found = await _of(session, team.assignment_id)
    if found is not None:
        _set_team(found, team.members)
        return
    campaign = await session.get(Campaign, team.campaign_id)
    told_version = campaign.checklist_version if campaign else None
    inspection = Inspection(
        assignment_id=team.assignment_id,
        campaign_id=team.campaign_id,
        task_no=team.task_no,
        uscc=team.object.uscc,
        city=team.object.city,
        county=team.object.county,
        certificate_no=team.certificate.certificate_no,
        object=team.object.model_dump(mode="json"),
        certificate=team.certificate.model_dump(mode="json"),
        members=[member.model_dump(mode="json") for member in team.members],
        checklist_version=told_version or reference_data.newest_checklist(legal_day(session.now)),
        created_at=session.now,
    )
    session.add(inspection)
    await session.flush()
    audit.record(session, SYSTEM, "inspection.opened", inspection.id, assignment=str(team.assignment_id))
    await alerts.raise_if_changed_since_draw(session, inspection)


async def change_team(session: Session, assignment_id: UUID, members: Sequence[TeamMember]) -> None:
    """Give an open inspection its team as it is after a replacement."""
    found = await _of(session, assignment_id)
    if found is not None:
        _set_team(found, members)


async def allot_expert(session: Session, allotted: ExpertAllotted) -> None:
    """Remember an expert for an assignment, whose team may not stand yet."""
    row = {
        "assignment_id": allotted.assignment_id,
        "expert_id": allotted.expert.expert_id,
        "expert": allotted.expert.model_dump(mode="json"),
    }
    await session.exec(insert(AllottedExpert).values(row).on_conflict_do_nothing())


async def cancel(session: Session, assignment_id: UUID, reason: str) -> None:
    """End the inspection of an object that was replaced, unless it ended before."""
    found = await _of(session, assignment_id)
    if found is not None and found.state in OPEN:
        move(found, Act.CANCEL)
        found.note = reason
        await deadlines.cancelled(session, found, reason)
        audit.record(session, SYSTEM, "inspection.cancelled", found.id, reason=reason)


def _set_team(inspection: Inspection, members: Sequence[TeamMember]) -> None:
    if inspection.state in OPEN:
        inspection.members = [member.model_dump(mode="json") for member in members]
        inspection.version += 1


async def _of(session: Session, assignment_id: UUID) -> Inspection | None:
    rows = select(Inspection).where(col(Inspection.assignment_id) == assignment_id).with_for_update()
    return (await session.exec(rows)).one_or_none()
