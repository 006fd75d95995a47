"""Matters of qualification: city, province, SAMR (资质问题逐级上报)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.cases import queries
from services.cases.api.callers import readers
from services.cases.errors import MatterNotFound, TransitionForbidden
from services.cases.models import QualificationMatter
from services.cases.schemas.answers import MatterOut
from services.cases.schemas.others import Return, SamrReport, Submission
from services.cases.service import matters
from shared.security.auth import Caller, caller
from shared.vocabulary import Role
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/qualification-matters", route_class=ServiceRoute, tags=["qualification matters 资质问题"])

Reader = Annotated[Caller, readers()]
State = Literal["open", "submitted", "returned", "reported"] | None


@router.get("", response_model=Page[MatterOut], dependencies=[audited("matters.listed")])
async def list_matters(
    by: Reader, session: Reading, paging: Paging, state: State = None, finding_id: UUID | None = None
) -> Response:
    """Matters of qualification in the caller's jurisdiction (资质问题列表)."""
    rows = queries.rows(QualificationMatter, MatterOut, by, state=state, finding_id=finding_id)
    return await page(session, rows, paging, by=queries.KEY[QualificationMatter])


@router.get(
    "/{matter_id}", response_model=MatterOut, dependencies=[audited("matter.read")], responses=problem_responses(MatterNotFound)
)
async def get_matter(matter_id: UUID, by: Reader, session: Reading) -> Response:
    """A matter of qualification (资质问题)."""
    return await single(session, queries.rows(QualificationMatter, MatterOut, by, id=matter_id), MatterNotFound)


@router.post(
    "/{matter_id}/submission", response_model=MatterOut, responses=problem_responses(MatterNotFound, TransitionForbidden)
)
async def submit_matter(
    matter_id: UUID, body: Submission, by: Annotated[Caller, caller(Role.CITY_LEAD)], session: Transaction
) -> QualificationMatter:
    """Submit the matter to the province with the city's opinion (上报省局)."""
    return await matters.submit(session, matter_id, body.opinion, by=by)


@router.post("/{matter_id}/return", response_model=MatterOut, responses=problem_responses(MatterNotFound, TransitionForbidden))
async def return_matter(
    matter_id: UUID, body: Return, by: Annotated[Caller, caller(Role.PROV_ADMIN)], session: Transaction
) -> QualificationMatter:
    """Return a submitted matter to the city, with the ground; the city may submit it again (退回)."""
    return await matters.send_back(session, matter_id, body.ground, by=by)


@router.post(
    "/{matter_id}/report-to-samr", response_model=MatterOut, responses=problem_responses(MatterNotFound, TransitionForbidden)
)
async def report_matter_to_samr(
    matter_id: UUID, body: SamrReport, by: Annotated[Caller, caller(Role.PROV_ADMIN)], session: Transaction
) -> QualificationMatter:
    """Report the matter from the province to SAMR (上报总局)."""
    return await matters.report(session, matter_id, body.document_no, by=by)
