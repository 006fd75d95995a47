"""Experts: asked for by the city, allotted by the province with the metrology institute (S-14)."""

from uuid import UUID

from sqlmodel import col, select

from services.sampling.errors import AlreadyDecided, NotEligible, PersonUnknown
from services.sampling.models import Assignment, Conflict, Expert, ExpertRequest
from services.sampling.queries import assignments
from services.sampling.schemas.assignments import AllotmentIn, ExpertRequestIn
from shared import audit
from shared.auth import Caller
from shared.db import Session
from shared.events.sampling import ExpertAllotted
from shared.events.words import AllottedExpert
from shared.messaging import emit


async def ask(session: Session, assignment_id: UUID, wanted: ExpertRequestIn, *, by: Caller) -> ExpertRequest:
    """Ask for an expert in a product field.

    Raises:
        AssignmentNotFound: none within the jurisdiction.
    """
    assignment = await assignments.assignment(session, assignment_id, by)
    request = ExpertRequest(assignment_id=assignment.id, **wanted.model_dump(), requested_by=by.subject, requested_at=session.now)
    session.add(request)
    audit.record(session, by, "expert.requested", request.id, field=wanted.field)
    return request


async def allot(session: Session, request_id: UUID, wanted: AllotmentIn, *, by: Caller) -> ExpertRequest:
    """Send an expert who knows the field and declared that no conflict exists.

    Raises:
        RequestNotFound, AlreadyDecided, PersonUnknown: as their names say.
        NotEligible: inactive, another field, or a conflict stands in the register.
    """
    request = await assignments.expert_request(session, request_id)
    if request.expert_id is not None:
        raise AlreadyDecided
    expert = await session.get(Expert, wanted.expert_id)
    if expert is None:
        raise PersonUnknown(pointer="/expert_id")
    assignment = await session.get_one(Assignment, request.assignment_id)
    reason = await _reason_against(session, expert, request, assignment)
    if reason:
        raise NotEligible(reason, reason=reason)
    request.expert_id, request.declaration = expert.expert_id, wanted.declaration
    request.allotted_by, request.allotted_at = by.subject, session.now
    audit.record(session, by, "expert.allotted", request_id, expert=expert.expert_id)
    told = AllottedExpert(expert_id=expert.expert_id, name=expert.name, field=request.field)
    emit(session, ExpertAllotted(assignment_id=assignment.id, campaign_id=assignment.campaign_id, expert=told))
    return request


async def _reason_against(session: Session, expert: Expert, request: ExpertRequest, assignment: Assignment) -> str | None:
    if not expert.active:
        return "INACTIVE"
    if request.field not in expert.fields and "*" not in expert.fields:
        return "FIELD"
    mine = (col(Conflict.person) == expert.expert_id) & (col(Conflict.uscc) == assignment.uscc)
    return "CONFLICT" if (await session.exec(select(Conflict.id).where(mine))).first() else None
