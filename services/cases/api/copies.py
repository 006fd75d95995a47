"""Copies of matters to other departments (抄告其他部门)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from services.cases import queries
from services.cases.api.callers import readers
from services.cases.errors import CopyNotFound, TransitionForbidden
from services.cases.models import MatterCopy
from services.cases.schemas.answers import CopyOut
from services.cases.schemas.others import CopySending
from services.cases.service import matters
from shared.security.auth import Caller, caller
from shared.vocabulary import Role
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/copies", route_class=ServiceRoute, tags=["copies 抄告"])

Reader = Annotated[Caller, readers()]
State = Literal["drafted", "sent"] | None


@router.get("", response_model=Page[CopyOut], dependencies=[audited("copies.listed")])
async def list_copies(
    by: Reader, session: Reading, paging: Paging, state: State = None, finding_id: UUID | None = None
) -> Response:
    """Copies to other departments in the caller's jurisdiction (抄告列表)."""
    rows = queries.rows(MatterCopy, CopyOut, by, state=state, finding_id=finding_id)
    return await page(session, rows, paging, by=queries.KEY[MatterCopy])


@router.get("/{copy_id}", response_model=CopyOut, dependencies=[audited("copy.read")], responses=problem_responses(CopyNotFound))
async def get_copy(copy_id: UUID, by: Reader, session: Reading) -> Response:
    """A copy to another department (抄告)."""
    return await single(session, queries.rows(MatterCopy, CopyOut, by, id=copy_id), CopyNotFound)


@router.post("/{copy_id}/send", response_model=CopyOut, responses=problem_responses(CopyNotFound, TransitionForbidden))
async def send_copy(
    copy_id: UUID,
    body: CopySending,
    by: Annotated[Caller, caller(Role.CITY_LEAD, Role.COUNTY_LEAD, Role.PROV_ADMIN)],
    session: Transaction,
) -> MatterCopy:
    """Send the copy to the department (发出抄告)."""
    return await matters.send_copy(session, copy_id, body.department, body.content, by=by)
