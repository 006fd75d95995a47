"""Assignments and their experts over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.sampling.api.callers import AssignmentReader, CityLead, Institute, ProvAdmin
from services.sampling.errors import (
    AlreadyDecided,
    AssignmentNotFound,
    NotEligible,
    NothingProposed,
    PersonUnknown,
    RequestNotFound,
)
from services.sampling.models import Assignment, ExpertRequest
from services.sampling.queries import assignments as queries
from services.sampling.schemas.assignments import AssignmentOut, ExpertRequestIn, ExpertRequestOut, ProposalIn
from services.sampling.schemas.base import City, GroundIn
from services.sampling.service import experts
from shared.core.errors import NotFound
from shared.vocabulary import AssignmentState
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1", route_class=ServiceRoute, tags=["assignments 检查任务"])


@router.get(
    "/assignments",
    response_model=Page[AssignmentOut],
    dependencies=[audited("assignments.listed")],
    responses=problem_responses(NotFound),
)
async def list_assignments(
    session: Reading,
    by: AssignmentReader,
    paging: Paging,
    campaign_id: UUID | None = None,
    city: City | None = None,
    state: AssignmentState | None = None,
) -> Response:
    """List assignments (检查任务): a city its own, a county its own with a team, an inspector his own. Reads are logged."""
    by.require_city(city)
    rows = queries.assignments(by, campaign_id=campaign_id, city=city, state=state)
    return await page(session, rows, paging, by=[col(Assignment.task_no), col(Assignment.id)])


@router.get(
    "/assignments/{assignment_id}",
    response_model=AssignmentOut,
    dependencies=[audited("assignment.read")],
    responses=problem_responses(AssignmentNotFound),
)
async def get_assignment(assignment_id: UUID, session: Reading, by: AssignmentReader) -> Response:
    """Read an assignment (检查任务). The read is logged."""
    return await single(session, queries.assignments(by, id=assignment_id), AssignmentNotFound)


@router.post(
    "/assignments/{assignment_id}/expert-requests",
    status_code=201,
    response_model=ExpertRequestOut,
    responses=problem_responses(AssignmentNotFound),
)
async def request_expert(assignment_id: UUID, body: ExpertRequestIn, session: Transaction, by: CityLead) -> ExpertRequest:
    """Ask the province for an expert (申请专家)."""
    return await experts.ask(session, assignment_id, body, by=by)


@router.get(
    "/expert-requests",
    response_model=Page[ExpertRequestOut],
    dependencies=[audited("expert_requests.listed")],
    responses=problem_responses(),
)
async def list_expert_requests(session: Reading, by: AssignmentReader, paging: Paging) -> Response:
    """List requests for experts (专家申请列表)."""
    rows = queries.requests(ExpertRequest, ExpertRequestOut, by)
    return await page(session, rows, paging, by=[col(ExpertRequest.id)])


@router.post(
    "/expert-requests/{request_id}/proposal",
    response_model=ExpertRequestOut,
    responses=problem_responses(RequestNotFound, AlreadyDecided, PersonUnknown, NotEligible),
)
async def propose_expert(request_id: UUID, body: ProposalIn, session: Transaction, by: Institute) -> ExpertRequest:
    """Propose an expert (推荐专家) who declared that no conflict exists; a later proposal takes the place."""
    return await experts.propose(session, request_id, body, by=by)


@router.post(
    "/expert-requests/{request_id}/proposal-return",
    response_model=ExpertRequestOut,
    responses=problem_responses(RequestNotFound, AlreadyDecided, NothingProposed),
)
async def return_proposal(request_id: UUID, body: GroundIn, session: Transaction, by: ProvAdmin) -> ExpertRequest:
    """Return the proposal (退回推荐): the institute proposes another expert."""
    return await experts.return_proposal(session, request_id, body.ground, by=by)


@router.post(
    "/expert-requests/{request_id}/allotment",
    response_model=ExpertRequestOut,
    responses=problem_responses(RequestNotFound, AlreadyDecided, NothingProposed, NotEligible),
)
async def allot_expert(request_id: UUID, session: Transaction, by: ProvAdmin) -> ExpertRequest:
    """Send the proposed expert (派遣专家); the province bears the cost."""
    return await experts.allot(session, request_id, by=by)


@router.post(
    "/expert-requests/{request_id}/rejection",
    response_model=ExpertRequestOut,
    responses=problem_responses(RequestNotFound, AlreadyDecided),
)
async def refuse_expert(request_id: UUID, body: GroundIn, session: Transaction, by: ProvAdmin) -> ExpertRequest:
    """Refuse the request (不予派遣); the city may ask again."""
    return await experts.refuse(session, request_id, body.ground, by=by)
