"""Steps of a case after its decision (送达、公示、执行、结案、归档), and the extension of terms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.cases.api.callers import ClockCode, of_case
from services.cases.errors import AmountExceedsDecision, CaseNotFound, DeadlineNotFound, GuardFailed, TransitionForbidden
from services.cases.models import Case
from services.cases.schemas.answers import CaseOut
from services.cases.schemas.base import Explained, Nothing
from services.cases.schemas.steps import Payment, Publication, Service, TermExtension
from services.cases.service import cases
from shared.deadlines.errors import DeadlineRefused
from shared.security.auth import Caller
from shared.web.dependencies import Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases/{case_id}", route_class=ServiceRoute, tags=["cases: execution 送达执行"])

_STEP = problem_responses(CaseNotFound, TransitionForbidden, GuardFailed)


@router.post("/service", response_model=CaseOut, responses=_STEP)
async def serve_decision(case_id: UUID, body: Service, by: Annotated[Caller, of_case("serve")], session: Transaction) -> Case:
    """Serve the decision with its receipt (送达)."""
    return await cases.take(session, case_id, "serve", body.model_dump(mode="json"), by=by)


@router.post("/publication", response_model=CaseOut, responses=_STEP)
async def publish_decision(
    case_id: UUID, body: Publication, by: Annotated[Caller, of_case("publish")], session: Transaction
) -> Case:
    """Publish the decision; warnings alone are not published (处罚信息公示)."""
    return await cases.take(session, case_id, "publish", body.model_dump(mode="json"), by=by)


@router.post("/publication-withdrawal", response_model=CaseOut, responses=_STEP)
async def withdraw_publication(
    case_id: UUID, body: Explained, by: Annotated[Caller, of_case("withdraw_publication")], session: Transaction
) -> Case:
    """Withdraw the publication of a changed or annulled decision (撤回公示)."""
    return await cases.take(session, case_id, "withdraw_publication", body.model_dump(mode="json"), by=by)


@router.post("/execution", response_model=CaseOut, responses=_STEP)
async def begin_execution(case_id: UUID, body: Nothing, by: Annotated[Caller, of_case("execute")], session: Transaction) -> Case:
    """Begin the execution (执行)."""
    return await cases.take(session, case_id, "execute", body.model_dump(mode="json"), by=by)


@router.post(
    "/payment",
    response_model=CaseOut,
    responses=problem_responses(CaseNotFound, TransitionForbidden, GuardFailed, AmountExceedsDecision),
)
async def record_payment(case_id: UUID, body: Payment, by: Annotated[Caller, of_case("pay")], session: Transaction) -> Case:
    """Record a payment, or how the decision was carried out otherwise (缴纳罚没款)."""
    return await cases.pay(session, case_id, body.model_dump(mode="json"), by=by)


@router.post("/closure", response_model=CaseOut, responses=_STEP)
async def close_case(case_id: UUID, body: Nothing, by: Annotated[Caller, of_case("close")], session: Transaction) -> Case:
    """Close the case (结案)."""
    return await cases.take(session, case_id, "close", body.model_dump(mode="json"), by=by)


@router.post("/archive", response_model=CaseOut, responses=_STEP)
async def archive_case(case_id: UUID, body: Nothing, by: Annotated[Caller, of_case("archive")], session: Transaction) -> Case:
    """Archive the dossier once it is complete (归档)."""
    return await cases.take(session, case_id, "archive", body.model_dump(mode="json"), by=by)


@router.post(
    "/deadlines/{code}/extension",
    response_model=CaseOut,
    responses=problem_responses(CaseNotFound, TransitionForbidden, GuardFailed, DeadlineNotFound, DeadlineRefused),
)
async def extend_deadline(
    case_id: UUID, code: ClockCode, body: TermExtension, by: Annotated[Caller, of_case("extend_deadline")], session: Transaction
) -> Case:
    """Extend a running term as its rule allows (延长期限)."""
    return await cases.extend(session, case_id, code, body.model_dump(mode="json"), by=by)
