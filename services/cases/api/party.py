"""What the party of a case reads and answers: the notice that was served on it (告知、陈述申辩、要求听证)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.cases import queries
from services.cases.api.callers import of_case
from services.cases.errors import CaseNotFound, GuardFailed, TransitionForbidden
from services.cases.models import Case
from services.cases.schemas.answers import PenaltyNotice
from services.cases.schemas.steps import HearingRequest, Statement
from services.cases.service import cases
from shared.security.auth import Caller, caller
from shared.vocabulary import Role
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases/{case_id}", route_class=ServiceRoute, tags=["cases: party 当事人"])
notice_router = APIRouter(prefix="/v1/penalty-notices", route_class=ServiceRoute, tags=["cases: party 当事人"])

_STEP = problem_responses(CaseNotFound, TransitionForbidden, GuardFailed)


@notice_router.get("", response_model=Page[PenaltyNotice], dependencies=[audited("penalty_notices.listed")])
async def list_penalty_notices(by: Annotated[Caller, caller(Role.OBJECT_CONTACT)], session: Reading, paging: Paging) -> Response:
    """Notices of intended penalties that were served on the caller; of nothing earlier does a party know (处罚告知列表)."""
    return await page(session, queries.penalty_notices(by), paging, by=queries.KEY[Case])


@router.post("/statement", response_model=PenaltyNotice, responses=_STEP)
async def make_statement(
    case_id: UUID, body: Statement, by: Annotated[Caller, of_case("make_statement")], session: Transaction
) -> Response:
    """Record the party's statement and defence, within five working days (陈述申辩)."""
    await cases.take(session, case_id, "make_statement", body.model_dump(mode="json"), by=by)
    return await single(session, queries.penalty_notices(by, case_id), CaseNotFound)


@router.post("/hearing", response_model=PenaltyNotice, responses=_STEP)
async def ask_for_hearing(
    case_id: UUID, body: HearingRequest, by: Annotated[Caller, of_case("ask_hearing")], session: Transaction
) -> Response:
    """Record that the party asks for a hearing, within five working days (要求听证)."""
    await cases.take(session, case_id, "ask_hearing", body.model_dump(mode="json"), by=by)
    return await single(session, queries.penalty_notices(by, case_id), CaseNotFound)
