"""Steps of a case from notice to decision (告知、听证、决定)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.cases.api.callers import of_case
from services.cases.errors import (
    CaseNotFound,
    DecisionNumberTaken,
    GoodsValueMissing,
    GuardFailed,
    NotCompetentToSanction,
    SanctionOutsideFrame,
    TransitionForbidden,
)
from services.cases.models import Case
from services.cases.rules import steps
from services.cases.schemas.answers import CaseOut
from services.cases.service import cases
from shared.security.auth import Caller
from shared.web.dependencies import Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases/{case_id}", route_class=ServiceRoute, tags=["cases: decision 告知决定"])

_STEP = problem_responses(CaseNotFound, TransitionForbidden, GuardFailed)
_FRAME = (CaseNotFound, TransitionForbidden, GuardFailed, SanctionOutsideFrame, GoodsValueMissing, NotCompetentToSanction)


@router.post("/notice", response_model=CaseOut, responses=problem_responses(*_FRAME))
async def serve_notice(
    case_id: UUID, body: steps.PenaltyNotice, by: Annotated[Caller, of_case("serve_notice")], session: Transaction
) -> Case:
    """Notify the party of the intended penalty and its rights (处罚告知)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/no-penalty-proposal", response_model=CaseOut, responses=_STEP)
async def propose_no_penalty(
    case_id: UUID, body: steps.NoPenaltyProposal, by: Annotated[Caller, of_case("pass_without_notice")], session: Transaction
) -> Case:
    """Go on to the decision without notice, no penalty being intended (拟不予处罚)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/hearing-notice", response_model=CaseOut, responses=_STEP)
async def announce_hearing(
    case_id: UUID, body: steps.HearingNotice, by: Annotated[Caller, of_case("notify_hearing")], session: Transaction
) -> Case:
    """Announce the hearing at least seven working days before (听证通知)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/hearing-record", response_model=CaseOut, responses=_STEP)
async def record_hearing(
    case_id: UUID, body: steps.HearingRecord, by: Annotated[Caller, of_case("record_hearing")], session: Transaction
) -> Case:
    """Record the hearing (听证笔录)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/rights-conclusion", response_model=CaseOut, responses=_STEP)
async def conclude_rights(
    case_id: UUID, body: steps.RightsConclusion, by: Annotated[Caller, of_case("conclude_rights")], session: Transaction
) -> Case:
    """Go on to the decision once the party's rights were exercised or their term is over (告知程序结束)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/decision", response_model=CaseOut, responses=problem_responses(*_FRAME, DecisionNumberTaken))
async def decide_case(
    case_id: UUID,
    body: steps.Decision,
    by: Annotated[Caller, of_case("decide_penalty", "decide_no_penalty", "decide_not_established")],
    session: Transaction,
) -> Case:
    """Decide: a penalty within its frame, no penalty, or facts not established (处理决定)."""
    return await cases.decide(session, case_id, body, by=by)


@router.post("/external-transfer", response_model=CaseOut, responses=_STEP)
async def transfer_case(
    case_id: UUID, body: steps.ExternalTransfer, by: Annotated[Caller, of_case("transfer_other")], session: Transaction
) -> Case:
    """Transfer the case to the competent bureau or department (移送其他机关)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/judicial-transfer", response_model=CaseOut, responses=_STEP)
async def transfer_to_judiciary(
    case_id: UUID, body: steps.JudicialTransfer, by: Annotated[Caller, of_case("transfer_judicial")], session: Transaction
) -> Case:
    """Leave the case to the judiciary once the criminal transfer was sent (移送司法)."""
    return await cases.take(session, case_id, body, by=by)


@router.post("/judicial-return", response_model=CaseOut, responses=_STEP)
async def return_from_judiciary(
    case_id: UUID, body: steps.JudicialReturn, by: Annotated[Caller, of_case("return_from_judicial")], session: Transaction
) -> Case:
    """Take the case back after the police did not file or returned it (退回行政处理)."""
    return await cases.take(session, case_id, body, by=by)
