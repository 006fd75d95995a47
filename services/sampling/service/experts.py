"""Experts: asked for by the city, proposed by the metrology institute, allotted or refused by the province (S-14)."""

from uuid import UUID

from sqlmodel import col, select

from services.sampling.errors import AlreadyDecided, NotEligible, NothingProposed, PersonUnknown
from services.sampling.models import Assignment, Conflict, Expert, ExpertRequest
from services.sampling.queries import assignments
from services.sampling.schemas.assignments import ExpertRequestIn, ProposalIn
from shared.database.session import Session
from shared.events.sampling import ExpertAllotted
from shared.events.value_objects import AllottedExpert
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller


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


async def propose(session: Session, request_id: UUID, wanted: ProposalIn, *, by: Caller) -> ExpertRequest:
    """Propose an expert who knows the field and declared that no conflict exists; a later proposal takes the place.

    Raises:
        RequestNotFound, AlreadyDecided, PersonUnknown: as their names say.
        NotEligible: inactive, another field, or a conflict stands in the register.
    """
    request = await _open(session, request_id)
    expert = await session.get(Expert, wanted.expert_id)
    if expert is None:
        raise PersonUnknown(pointer="/expert_id")
    await _refuse_unfit(session, expert, request)
    request.proposed_expert_id, request.declaration = expert.expert_id, wanted.declaration
    request.proposed_by, request.proposed_at = by.subject, session.now
    audit.record(session, by, "expert.proposed", request_id, expert=expert.expert_id)
    return request


async def return_proposal(session: Session, request_id: UUID, ground: str, *, by: Caller) -> ExpertRequest:
    """Return the proposal to the institute, which proposes another expert.

    Raises:
        RequestNotFound, AlreadyDecided, NothingProposed: as their names say.
    """
    request = await _open(session, request_id)
    expert = _proposed(request)
    request.proposed_expert_id = request.declaration = request.proposed_by = request.proposed_at = None
    audit.record(session, by, "expert.proposal_returned", request_id, expert=expert, ground=ground)
    return request


async def allot(session: Session, request_id: UUID, *, by: Caller) -> ExpertRequest:
    """Send the expert whom the institute proposed.

    Raises:
        RequestNotFound, AlreadyDecided, NothingProposed: as their names say.
        NotEligible: since the proposal the expert left, or a conflict was registered.
    """
    request = await _open(session, request_id)
    expert = await session.get_one(Expert, _proposed(request))
    assignment = await _refuse_unfit(session, expert, request)
    request.expert_id = expert.expert_id
    request.allotted_by, request.allotted_at = by.subject, session.now
    audit.record(session, by, "expert.allotted", request_id, expert=expert.expert_id)
    allotted = AllottedExpert(expert_id=expert.expert_id, name=expert.name, field=request.field)
    emit(session, ExpertAllotted(assignment_id=assignment.id, campaign_id=assignment.campaign_id, expert=allotted))
    return request


async def refuse(session: Session, request_id: UUID, ground: str, *, by: Caller) -> ExpertRequest:
    """Refuse the request; the city may ask again.

    Raises:
        RequestNotFound, AlreadyDecided: as their names say.
    """
    request = await _open(session, request_id)
    request.refused_by, request.refused_at, request.rejection_ground = by.subject, session.now, ground
    audit.record(session, by, "expert.refused", request_id, ground=ground)
    return request


async def _open(session: Session, request_id: UUID) -> ExpertRequest:
    request = await assignments.expert_request(session, request_id)
    if request.expert_id is not None or request.refused_at is not None:
        raise AlreadyDecided
    return request


def _proposed(request: ExpertRequest) -> str:
    if request.proposed_expert_id is None:
        raise NothingProposed
    return request.proposed_expert_id


async def _refuse_unfit(session: Session, expert: Expert, request: ExpertRequest) -> Assignment:
    """The assignment, locked, unless the expert may not serve on it."""
    assignment = await session.get_one(Assignment, request.assignment_id, with_for_update=True)
    reason = await _reason_against(session, expert, request, assignment)
    if reason:
        raise NotEligible(reason, reason=reason)
    return assignment


async def _reason_against(session: Session, expert: Expert, request: ExpertRequest, assignment: Assignment) -> str | None:
    if not expert.active:
        return "INACTIVE"
    if request.field not in expert.fields and "*" not in expert.fields:
        return "FIELD"
    mine = (col(Conflict.person) == expert.expert_id) & (col(Conflict.uscc) == assignment.uscc)
    return "CONFLICT" if (await session.exec(select(Conflict.id).where(mine))).first() else None
