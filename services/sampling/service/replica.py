"""The object library follows the registry; past inspections and notices come from inspection."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import SQLModel, col, update

from services.sampling.models import Assignment, Certificate, Organisation, PastInspection, SamplingFailure, TeamMember
from shared.database.session import Session
from shared.events.inspection import InspectionCompleted, ObjectNotified
from shared.events.registry import (
    CertificateRegistered,
    CertificateStatusChanged,
    EnterpriseRegistered,
    SamplingFailureRecorded,
)
from shared.vocabulary import AssignmentState, InspectorMatchState


@cache
def _upsert(table: type[SQLModel], names: tuple[str, ...]) -> Insert:
    """Built once a table: at the start of a campaign thousands of facts arrive, each one statement."""
    statement = insert(table).values({name: bindparam(name) for name in names})
    key = [column.name for column in inspect(table).primary_key]
    return statement.on_conflict_do_update(index_elements=key, set_={name: statement.excluded[name] for name in names})


async def _keep(session: Session, table: type[SQLModel], values: dict[str, Any]) -> None:
    """Insert a row, or bring it to these values."""
    await (await session.connection()).execute(_upsert(table, tuple(values)), values)


async def register_organisation(session: Session, event: EnterpriseRegistered) -> None:
    """Keep the latest content of an organisation."""
    await _keep(session, Organisation, event.model_dump(exclude={"division"}))


async def register_certificate(session: Session, event: CertificateRegistered) -> None:
    """Keep the newest edition of a certificate."""
    values = event.model_dump(include=set(Certificate.model_fields))
    values |= {"models": list(event.models), "organisation_uscc": event.enterprise_uscc}
    await _keep(session, Certificate, values)


async def change_status(session: Session, event: CertificateStatusChanged) -> None:
    """Follow a certificate's status; a change of some models leaves the certificate as a whole where it was.

    Raises:
        LookupError: the certificate was never registered here; the registry tells that first.
    """
    if event.affected_models:
        return
    certificate = await session.get(Certificate, event.certificate_no, with_for_update=True)
    if certificate is None:
        raise LookupError(event.certificate_no)
    certificate.status, certificate.status_since = event.status, event.effective_on


async def record_failure(session: Session, event: SamplingFailureRecorded) -> None:
    """Keep that an organisation failed a sampling."""
    await _keep(session, SamplingFailure, event.model_dump(include={"failure_id", "year", "uscc", "level"}))


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
    await _keep(session, PastInspection, values)
    assignment = await session.get(Assignment, event.assignment_id, with_for_update=True)
    if assignment is not None:
        assignment.state = AssignmentState.REVIEWED
        team = update(TeamMember).where(
            col(TeamMember.assignment_id) == assignment.id, col(TeamMember.state) == InspectorMatchState.CONFIRMED
        )
        await session.exec(team.values(state=InspectorMatchState.COMPLETED))
