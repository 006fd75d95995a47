"""The object library follows the registry; past inspections and notices come from inspection."""

from sqlmodel import col, update

from services.sampling.models import Assignment, Certificate, Organisation, PastInspection, SamplingFailure, TeamMember
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events.inspection import InspectionCompleted, ObjectNotified
from shared.events.registry import (
    CertificateRegistered,
    CertificateStatusChanged,
    EnterpriseRegistered,
    SamplingFailureRecorded,
)
from shared.vocabulary import AssignmentState, InspectorMatchState


async def register_organisation(session: Session, event: EnterpriseRegistered) -> None:
    """Keep the latest content of an organisation."""
    await upsert(session, Organisation, event.model_dump(exclude={"division"}))


async def register_certificate(session: Session, event: CertificateRegistered) -> None:
    """Keep the newest edition of a certificate."""
    values = event.model_dump(include=set(Certificate.model_fields))
    values |= {"models": list(event.models), "organisation_uscc": event.enterprise_uscc}
    await upsert(session, Certificate, values)


async def change_status(session: Session, event: CertificateStatusChanged) -> None:
    """Follow a certificate's status; a change of some models leaves the certificate as a whole where it was.

    Raises:
        LookupError: the certificate was never registered here; the registry publishes that first.
    """
    if event.affected_models:
        return
    certificate = await session.get(Certificate, event.certificate_no, with_for_update=True)
    if certificate is None:
        raise LookupError(event.certificate_no)
    certificate.status, certificate.status_since = event.status, event.effective_on


async def record_failure(session: Session, event: SamplingFailureRecorded) -> None:
    """Keep that an organisation failed a sampling."""
    await upsert(session, SamplingFailure, event.model_dump(include={"failure_id", "year", "uscc", "level"}))


async def record_notice(session: Session, event: ObjectNotified) -> None:
    """The object knows: the assignment is notified, at once or when the place of a recused member is filled."""
    assignment = await session.get(Assignment, event.assignment_id, with_for_update=True)
    if assignment is None:
        return
    assignment.notified_at, assignment.inspection_on = event.notified_at, event.inspection_on
    if assignment.state is AssignmentState.MATCHED:
        assignment.state = AssignmentState.NOTIFIED


async def record_inspection(session: Session, event: InspectionCompleted) -> None:
    """Remember who inspected whom, and free the team's places under the workload cap."""
    values = {
        "inspection_id": event.inspection_id,
        "uscc": event.object.uscc,
        "inspected_on": event.inspected_on,
        "inspectors": [member.inspector_id for member in event.members],
    }
    await upsert(session, PastInspection, values)
    assignment = await session.get(Assignment, event.assignment_id, with_for_update=True)
    if assignment is not None:
        assignment.state = AssignmentState.REVIEWED
        team = update(TeamMember).where(
            col(TeamMember.assignment_id) == assignment.id, col(TeamMember.state) == InspectorMatchState.CONFIRMED
        )
        await session.exec(team.values(state=InspectorMatchState.COMPLETED))
