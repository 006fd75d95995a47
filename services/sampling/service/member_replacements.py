"""Members leave a team and others come: by a new draw from the pool, by hand only where it is empty (S-10, S-12)."""

from uuid import UUID

from sqlmodel import col, select

from services.sampling.errors import (
    AlreadyDecided,
    AssignmentNotInState,
    GroundRefused,
    NotATeamMember,
    NotEligible,
    PersonUnknown,
    PoolSufficient,
    SamePerson,
    StepForbidden,
)
from services.sampling.models import Assignment, Draw, Inspector, MemberReplacement, TeamMember
from services.sampling.queries import assignments, people
from services.sampling.rules import eligibility, reference_data
from services.sampling.schemas.assignments import DecisionIn, MemberReplacementIn, RecusalIn
from services.sampling.service import ledger, teams
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.sampling import InspectorReplaced
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.security.segregation import require_different
from shared.vocabulary import AssignmentState, DrawKind, DrawState, InspectorMatchState, ReplacementReason, Role

_WITH_TEAM = (AssignmentState.MATCHED, AssignmentState.NOTIFIED)
_SELF = (Role.CITY_INSPECTOR, Role.COUNTY_INSPECTOR)
_POOL = 2
"""Below this many eligible inspectors a successor may be named by hand (S-12)."""


async def recuse(session: Session, assignment_id: UUID, wanted: RecusalIn, *, by: Caller) -> MemberReplacement:
    """Ask that a member be recused; an inspector asks for himself only. The team works on until the decision.

    Raises:
        AssignmentNotFound, AssignmentNotInState, NotATeamMember, AlreadyDecided: as their names say.
        GroundRefused: the ground needs a detail, or an object may not raise it.
    """
    ground = reference_data.recusal(wanted.reason)
    if ground["detail_required"] and not wanted.detail:
        raise GroundRefused(pointer="/detail")
    if by.role is Role.OBJECT_CONTACT and by.role.value not in ground["raised_by"]:
        raise GroundRefused(pointer="/reason")
    request = MemberReplacement(
        assignment_id=assignment_id,
        reason=ReplacementReason.RECUSED,
        recusal_reason=wanted.reason,
        inspector_id=wanted.inspector_id,
        detail=wanted.detail,
        raised_by=by.subject,
        raised_at=session.now,
    )
    return await _raise(session, request, by)


async def ask(session: Session, assignment_id: UUID, wanted: MemberReplacementIn, *, by: Caller) -> MemberReplacement:
    """Ask that a member be replaced on another ground.

    Raises:
        AssignmentNotFound, AssignmentNotInState, NotATeamMember, AlreadyDecided: as their names say.
    """
    request = MemberReplacement(assignment_id=assignment_id, **wanted.model_dump(), raised_by=by.subject, raised_at=session.now)
    return await _raise(session, request, by)


async def _raise(session: Session, request: MemberReplacement, by: Caller) -> MemberReplacement:
    assignment = await assignments.assignment(session, request.assignment_id, by, lock=True)
    if assignment.state not in _WITH_TEAM:
        raise AssignmentNotInState(assignment.state.value, state=assignment.state.value)
    team = [one.inspector_id for _, one in await assignments.team(session, assignment.id)]
    if request.inspector_id not in team or (by.role in _SELF and by.subject != request.inspector_id):
        raise NotATeamMember(pointer="/inspector_id")
    mine = (col(MemberReplacement.assignment_id) == assignment.id) & col(MemberReplacement.completed_at).is_(None)
    if (await session.exec(select(MemberReplacement.id).where(mine, col(MemberReplacement.accepted).is_not(False)))).first():
        raise AlreadyDecided
    session.add(request)
    audit.record(session, by, "replacement.raised", request.id, reason=request.reason, who=request.inspector_id)
    return request


async def _own(session: Session, request_id: UUID, by: Caller) -> tuple[MemberReplacement, Assignment]:
    request = await assignments.member_request(session, request_id)
    assignment = await assignments.assignment(session, request.assignment_id, by, lock=True)
    require_different(by.subject, request.raised_by, request.inspector_id, error=SamePerson)
    return request, assignment


async def decide(session: Session, request_id: UUID, wanted: DecisionIn, *, by: Caller) -> MemberReplacement:
    """Decide; where it is accepted, a draw for the free place is planned and the city goes on with it.

    Raises:
        RequestNotFound, AssignmentNotFound, SamePerson, AlreadyDecided: as their names say.
        StepForbidden: the ground is decided by others.
    """
    request, assignment = await _own(session, request_id, by)
    if request.accepted is not None:
        raise AlreadyDecided
    if by.role.value not in _deciders(request):
        raise StepForbidden(", ".join(_deciders(request)))
    request.accepted, request.note = wanted.accepted, wanted.note
    request.decided_by, request.decided_at = by.subject, session.now
    if wanted.accepted:
        await session.flush()
        assignment.state = AssignmentState.RECUSED
        request.draw_id = await _plan(session, request, assignment, by)
    audit.record(session, by, "replacement.decided", request_id, accepted=wanted.accepted)
    return request


def _deciders(request: MemberReplacement) -> list[str]:
    if request.recusal_reason is not None:
        return list(reference_data.recusal(request.recusal_reason)["decided_by"])
    return list(reference_data.replacement(request.reason)["approver"])


async def _plan(session: Session, request: MemberReplacement, assignment: Assignment, by: Caller) -> UUID:
    root = await session.get_one(Draw, assignment.team_draw_id)
    draw = Draw(
        campaign_id=assignment.campaign_id,
        kind=DrawKind.INSPECTOR,
        city=root.city,
        replaces=request.id,
        reference_on=await teams.day_of(session, assignment, request.inspection_on),
        hash_name=root.hash_name,
        sources=[{"kind": "witness", "source": "witness"}],
        people={"plan": by.subject},
        planned_at=session.now,
    )
    session.add(draw)
    await session.flush()
    return draw.id


async def bring_in(session: Session, request_id: UUID, draw: Draw, incoming: str) -> None:
    """The drawn inspector takes the free place; the ledger of the first draw shows it."""
    request = await assignments.member_request(session, request_id)
    assignment = await session.get_one(Assignment, request.assignment_id, with_for_update=True)
    await _exchange(session, request, assignment, incoming, draw.commitment_digest)


async def _exchange(
    session: Session, request: MemberReplacement, assignment: Assignment, incoming: str, replacement: str | None
) -> None:
    leaving = await session.get_one(TeamMember, (assignment.id, request.inspector_id))
    gone = InspectorMatchState.RECUSED if request.recusal_reason else InspectorMatchState.REPLACED
    leaving.state = gone
    session.add(
        TeamMember(
            assignment_id=assignment.id,
            inspector_id=incoming,
            place=leaving.place,
            state=InspectorMatchState.CONFIRMED,
        )
    )
    request.incoming, request.completed_at = incoming, session.now
    if assignment.state is AssignmentState.RECUSED:  # the notice that was sent stands: the object keeps its right of recusal
        assignment.state = AssignmentState.NOTIFIED if assignment.notified_at else AssignmentState.MATCHED
    await session.flush()
    await _enter(session, request, assignment, replacement)
    event = InspectorReplaced(
        assignment_id=assignment.id,
        campaign_id=assignment.campaign_id,
        leaving=request.inspector_id,
        reason=request.reason,
        members=teams.published_members(await assignments.team(session, assignment.id), legal_day(session.now)),
    )
    emit(session, event)


async def _enter(session: Session, request: MemberReplacement, assignment: Assignment, replacement: str | None) -> None:
    root = await session.get_one(Draw, assignment.team_draw_id)
    ground = request.reason if replacement else ReplacementReason.POOL_INSUFFICIENT
    body = {
        "approved_by": request.decided_by,
        "commitment_digest": root.commitment_digest,
        "ground": ground.value.upper(),
        "incoming": request.incoming,
        "outgoing": request.inspector_id,
        "replacement": replacement,
        "task": assignment.team_task,
    }
    await ledger.append(session, root.id, "replacement", request.raised_by, body)


async def by_hand(session: Session, request_id: UUID, inspector_id: str, *, by: Caller) -> MemberReplacement:
    """Name a successor where the pool does not suffice; the province sees it (S-12).

    Raises:
        PoolSufficient: a draw is possible.
        NotEligible: the person may not serve on this task whatever his jurisdiction.
        PersonUnknown, RequestNotFound, AlreadyDecided, SamePerson: as their names say.
    """
    request, assignment = await _own(session, request_id, by)
    if not request.accepted or request.completed_at is not None:
        raise AlreadyDecided
    draw = await session.get_one(Draw, request.draw_id, with_for_update=True)
    if draw.commitment_digest is not None:
        raise PoolSufficient("the draw is sealed")
    eligible = (await teams.pool(session, request, draw.reference_on)).eligible
    if len(eligible) >= _POOL:
        raise PoolSufficient(eligible=len(eligible))
    await _refuse_unfit(session, assignment, inspector_id, draw)
    draw.state, draw.ground = DrawState.ABORTED, ReplacementReason.POOL_INSUFFICIENT.value.upper()
    request.by_hand = True
    request.decided_by = by.subject
    await _exchange(session, request, assignment, inspector_id, None)
    audit.record(session, by, "replacement.by_hand", request_id, who=inspector_id, eligible=len(eligible))
    return request


async def _refuse_unfit(session: Session, assignment: Assignment, inspector_id: str, draw: Draw) -> None:
    if await session.get(Inspector, inspector_id) is None:
        raise PersonUnknown(pointer="/inspector_id")
    (person,) = await people.persons(session, ids=[inspector_id])
    (job,) = await people.jobs(session, [assignment], draw.reference_on)
    team = [one.inspector_id for _, one in await assignments.team(session, assignment.id)]
    reason = "IN_TEAM" if inspector_id in team else eligibility.reason_against(person, job, draw.reference_on)
    if reason not in (None, "OTHER_JURISDICTION"):
        raise NotEligible(reason, reason=reason)
