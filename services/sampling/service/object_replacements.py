"""An object gives way to the next of its reserve (S-13)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.sampling.draw.replacement import next_reserve
from services.sampling.errors import AlreadyDecided, AssignmentNotInState, SamePerson
from services.sampling.models import Assignment, Draw, ObjectReplacement
from services.sampling.queries import assignments, people, replica
from services.sampling.queries import draws as draw_queries
from services.sampling.queries import ledger as ledger_queries
from services.sampling.rules import eligibility
from services.sampling.schemas.assignments import ObjectReplacementIn
from services.sampling.service import deadlines, ledger, teams
from services.sampling.service.releases import released_object, reserve_assignment
from shared.database.session import Session
from shared.events.sampling import ObjectReplaced
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.security.segregation import require_different
from shared.vocabulary import AssignmentState

_BEFORE_INSPECTION = (AssignmentState.PENDING_INSPECTORS, AssignmentState.MATCHED, AssignmentState.NOTIFIED)


async def ask(session: Session, assignment_id: UUID, wanted: ObjectReplacementIn, *, by: Caller) -> ObjectReplacement:
    """Ask that an object be replaced.

    Raises:
        AssignmentNotFound, AssignmentNotInState, AlreadyDecided: as their names say.
    """
    assignment = await assignments.assignment(session, assignment_id, by, lock=True)
    if assignment.state not in _BEFORE_INSPECTION:
        raise AssignmentNotInState(assignment.state.value, state=assignment.state.value)
    mine = (col(ObjectReplacement.assignment_id) == assignment_id) & col(ObjectReplacement.refused_at).is_(None)
    if (await session.exec(select(ObjectReplacement.id).where(mine))).first():
        raise AlreadyDecided
    request = ObjectReplacement(
        assignment_id=assignment_id, **wanted.model_dump(), requested_by=by.subject, requested_at=session.now
    )
    session.add(request)
    audit.record(session, by, "object_replacement.requested", request.id, reason=request.reason)
    return request


async def approve(session: Session, request_id: UUID, *, by: Caller) -> ObjectReplacement:
    """Approve: the next reserve of the stratum takes the place, with the same team where it may serve there.

    Raises:
        RequestNotFound, AlreadyDecided, SamePerson, AssignmentNotInState: as their names say.
        NoReserve: the stratum has none left; only a new draw helps.
    """
    request, outgoing = await _open(session, request_id, by)
    if outgoing.state not in _BEFORE_INSPECTION:
        raise AssignmentNotInState(outgoing.state.value, state=outgoing.state.value)
    draw = await draw_queries.draw(session, outgoing.draw_id, lock=True)
    entry = await _reserve(session, draw, outgoing.uscc)
    incoming = await reserve_assignment(session, outgoing, entry)
    session.add(incoming)
    await session.flush()
    request.approved_by, request.approved_at, request.new_assignment_id = by.subject, session.now, incoming.id
    await _enter(session, draw, request, outgoing, incoming)
    await _publish(session, request, outgoing, incoming)
    await _hand_over(session, outgoing, incoming)
    audit.record(session, by, "object_replacement.approved", request_id, incoming=incoming.id)
    return request


async def refuse(session: Session, request_id: UUID, ground: str, *, by: Caller) -> ObjectReplacement:
    """Refuse: the object stays; the city may ask again with other grounds.

    Raises:
        RequestNotFound, AlreadyDecided, SamePerson: as their names say.
    """
    request, _ = await _open(session, request_id, by)
    request.refused_by, request.refused_at, request.rejection_ground = by.subject, session.now, ground
    audit.record(session, by, "object_replacement.refused", request_id, ground=ground)
    return request


async def _open(session: Session, request_id: UUID, by: Caller) -> tuple[ObjectReplacement, Assignment]:
    request = await assignments.object_request(session, request_id)
    assignment = await assignments.assignment(session, request.assignment_id, by, lock=True)
    if request.approved_by is not None or request.refused_by is not None:
        raise AlreadyDecided
    require_different(by.subject, request.requested_by, error=SamePerson)
    return request, assignment


async def _reserve(session: Session, draw: Draw, outgoing: str) -> Mapping[str, Any]:
    drawn = await draw_queries.document(session, draw.id, "execution")
    assert drawn is not None
    earlier = await ledger_queries.bodies(session, draw.id, "replacement")
    replaced = [(body["outgoing"], body["incoming"]) for body in earlier]
    return next_reserve(drawn["selected"], drawn["reserves"], replaced, outgoing)


async def _enter(session: Session, draw: Draw, request: ObjectReplacement, outgoing: Assignment, incoming: Assignment) -> None:
    body = {
        "approved_by": request.approved_by,
        "commitment_digest": draw.commitment_digest,
        "ground": request.reason.value.upper(),
        "incoming": incoming.uscc,
        "outgoing": outgoing.uscc,
        "stratum": incoming.stratum,
    }
    await ledger.append(session, draw.id, "replacement", request.requested_by, body)


async def _publish(session: Session, request: ObjectReplacement, outgoing: Assignment, incoming: Assignment) -> None:
    about = await replica.described(session, [(incoming.uscc, incoming.certificate_no)])
    event = ObjectReplaced(
        assignment_id=outgoing.id,
        campaign_id=outgoing.campaign_id,
        uscc=outgoing.uscc,
        reason=request.reason,
        replacement=released_object(incoming, about),
    )
    emit(session, event)


async def _hand_over(session: Session, outgoing: Assignment, incoming: Assignment) -> None:
    members = [one.inspector_id for _, one in await assignments.team(session, outgoing.id)]
    outgoing.state = AssignmentState.OBJECT_REPLACED
    await deadlines.given_up(session, outgoing, "object replaced")
    await session.flush()
    if not members:
        return
    on = await teams.day_of(session, outgoing)
    (job,) = await people.jobs(session, [incoming], on)
    persons = await people.persons(session, ids=members)
    if eligibility.all_fit(persons, job, on):
        await teams.assign(session, incoming, members, draw_id=outgoing.team_draw_id, task=outgoing.team_task)
