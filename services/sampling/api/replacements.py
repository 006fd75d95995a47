"""Recusals and replacements over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.sampling.api.callers import AssignmentReader, CityLead, Decider, ProvAdmin, Recuser, TeamKeeper
from services.sampling.draw.errors import NoReserve
from services.sampling.errors import (
    AlreadyDecided,
    AssignmentNotFound,
    AssignmentNotInState,
    GroundRefused,
    NotATeamMember,
    NotEligible,
    PersonUnknown,
    PoolSufficient,
    RequestNotFound,
    SamePerson,
    StepForbidden,
)
from services.sampling.models import MemberReplacement, ObjectReplacement
from services.sampling.queries import assignments as queries
from services.sampling.schemas.assignments import (
    DecisionIn,
    ManualIn,
    MemberReplacementIn,
    MemberReplacementOut,
    ObjectReplacementIn,
    ObjectReplacementOut,
    RecusalIn,
)
from services.sampling.schemas.base import GroundIn
from services.sampling.service import member_replacements, object_replacements
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute, tags=["replacements 回避与更换"])
_RAISE = (AssignmentNotFound, AssignmentNotInState, NotATeamMember, AlreadyDecided)
_DECIDE = (RequestNotFound, AssignmentNotFound, AlreadyDecided, SamePerson)


@router.post(
    "/assignments/{assignment_id}/recusals",
    status_code=201,
    response_model=MemberReplacementOut,
    responses=problem_responses(*_RAISE, GroundRefused),
)
async def request_recusal(assignment_id: UUID, body: RecusalIn, session: Transaction, by: Recuser) -> MemberReplacement:
    """Ask that a member be recused (申请回避); work is not stopped before the decision."""
    return await member_replacements.recuse(session, assignment_id, body, by=by)


@router.post(
    "/assignments/{assignment_id}/member-replacements",
    status_code=201,
    response_model=MemberReplacementOut,
    responses=problem_responses(*_RAISE),
)
async def request_member_replacement(
    assignment_id: UUID, body: MemberReplacementIn, session: Transaction, by: TeamKeeper
) -> MemberReplacement:
    """Ask that a member be replaced (申请更换检查人员) for leave, transfer or an expired certificate."""
    return await member_replacements.ask(session, assignment_id, body, by=by)


@router.get(
    "/replacements",
    response_model=Page[MemberReplacementOut],
    dependencies=[audited("replacements.listed")],
    responses=problem_responses(),
)
async def list_replacements(session: Reading, by: AssignmentReader, paging: Paging) -> Response:
    """List recusals and replacements of members (回避与更换列表); assignments by hand are marked."""
    rows = queries.requests(MemberReplacement, MemberReplacementOut, by)
    return await page(session, rows, paging, by=[col(MemberReplacement.id)])


@router.post(
    "/replacements/{request_id}/decision",
    response_model=MemberReplacementOut,
    responses=problem_responses(*_DECIDE, StepForbidden),
)
async def decide_replacement(request_id: UUID, body: DecisionIn, session: Transaction, by: Decider) -> MemberReplacement:
    """Decide (决定回避或更换); acceptance plans a new draw from the remaining pool, named in `draw_id`."""
    return await member_replacements.decide(session, request_id, body, by=by)


@router.post(
    "/replacements/{request_id}/manual",
    response_model=MemberReplacementOut,
    responses=problem_responses(*_DECIDE, PoolSufficient, NotEligible, PersonUnknown),
)
async def name_successor(request_id: UUID, body: ManualIn, session: Transaction, by: CityLead) -> MemberReplacement:
    """Name a successor by hand (人工指定), only where fewer than two are eligible."""
    return await member_replacements.by_hand(session, request_id, body.inspector_id, by=by)


@router.post(
    "/assignments/{assignment_id}/object-replacements",
    status_code=201,
    response_model=ObjectReplacementOut,
    responses=problem_responses(AssignmentNotFound, AssignmentNotInState, AlreadyDecided),
)
async def request_object_replacement(
    assignment_id: UUID, body: ObjectReplacementIn, session: Transaction, by: CityLead
) -> ObjectReplacement:
    """Ask that an object be replaced (申请更换检查对象)."""
    return await object_replacements.ask(session, assignment_id, body, by=by)


@router.get(
    "/object-replacements",
    response_model=Page[ObjectReplacementOut],
    dependencies=[audited("object_replacements.listed")],
    responses=problem_responses(),
)
async def list_object_replacements(session: Reading, by: AssignmentReader, paging: Paging) -> Response:
    """List replacements of objects (更换检查对象列表)."""
    rows = queries.requests(ObjectReplacement, ObjectReplacementOut, by)
    return await page(session, rows, paging, by=[col(ObjectReplacement.id)])


@router.post(
    "/object-replacements/{request_id}/approval",
    response_model=ObjectReplacementOut,
    responses=problem_responses(*_DECIDE, AssignmentNotInState, NoReserve),
)
async def approve_object_replacement(request_id: UUID, session: Transaction, by: ProvAdmin) -> ObjectReplacement:
    """Approve (批准更换检查对象): the next reserve of the stratum takes the place."""
    return await object_replacements.approve(session, request_id, by=by)


@router.post(
    "/object-replacements/{request_id}/rejection",
    response_model=ObjectReplacementOut,
    responses=problem_responses(*_DECIDE),
)
async def refuse_object_replacement(request_id: UUID, body: GroundIn, session: Transaction, by: ProvAdmin) -> ObjectReplacement:
    """Refuse (不予更换检查对象): the object stays; the city may ask again."""
    return await object_replacements.refuse(session, request_id, body.ground, by=by)
