"""Steps of a case from clue to review (核查、立案、调查、审核)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.cases.api.callers import of_case
from services.cases.errors import CaseNotFound, CaseNumberTaken, GuardFailed, TransitionForbidden, UnknownViolation
from services.cases.models import Case
from services.cases.schemas.answers import CaseOut
from services.cases.schemas.base import Explained, Nothing
from services.cases.schemas.steps import Assignment, Filing, InvestigationEnd, NonFiling, Review, ReviewSubmission, Suspension
from services.cases.service import cases
from shared.security.auth import Caller
from shared.web.dependencies import Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases/{case_id}", route_class=ServiceRoute, tags=["cases: investigation 立案调查"])

_STEP = problem_responses(CaseNotFound, TransitionForbidden, GuardFailed)


@router.post("/assignment", response_model=CaseOut, responses=_STEP)
async def assign_clue(case_id: UUID, body: Assignment, by: Annotated[Caller, of_case("assign")], session: Transaction) -> Case:
    """Assign the clue to a bureau below, which then files and decides (指定承办机关)."""
    return await cases.assign(session, case_id, body.model_dump(mode="json"), by=by)


@router.post("/verification", response_model=CaseOut, responses=_STEP)
async def verify_clue(case_id: UUID, body: Nothing, by: Annotated[Caller, of_case("verify")], session: Transaction) -> Case:
    """Begin to verify the clue (线索核查)."""
    return await cases.take(session, case_id, "verify", body.model_dump(mode="json"), by=by)


@router.post(
    "/filing",
    response_model=CaseOut,
    responses=problem_responses(CaseNotFound, TransitionForbidden, GuardFailed, UnknownViolation, CaseNumberTaken),
)
async def file_case(case_id: UUID, body: Filing, by: Annotated[Caller, of_case("file")], session: Transaction) -> Case:
    """File the case: the head approves and names at least two qualified handlers (立案)."""
    return await cases.file(session, case_id, body.model_dump(mode="json"), by=by)


@router.post("/non-filing", response_model=CaseOut, responses=_STEP)
async def decline_filing(
    case_id: UUID, body: NonFiling, by: Annotated[Caller, of_case("decline_filing")], session: Transaction
) -> Case:
    """Close the clue without filing, with its ground (不予立案)."""
    return await cases.take(session, case_id, "decline_filing", body.model_dump(mode="json"), by=by)


@router.post("/investigation", response_model=CaseOut, responses=_STEP)
async def begin_investigation(
    case_id: UUID, body: Nothing, by: Annotated[Caller, of_case("investigate")], session: Transaction
) -> Case:
    """Begin the investigation (开始调查)."""
    return await cases.take(session, case_id, "investigate", body.model_dump(mode="json"), by=by)


@router.post("/suspension", response_model=CaseOut, responses=_STEP)
async def suspend_investigation(
    case_id: UUID, body: Suspension, by: Annotated[Caller, of_case("suspend")], session: Transaction
) -> Case:
    """Suspend the investigation; its clock stands still (中止调查)."""
    return await cases.take(session, case_id, "suspend", body.model_dump(mode="json"), by=by)


@router.post("/resumption", response_model=CaseOut, responses=_STEP)
async def resume_investigation(
    case_id: UUID, body: Explained, by: Annotated[Caller, of_case("resume")], session: Transaction
) -> Case:
    """Resume the investigation; its clock runs on (恢复调查)."""
    return await cases.take(session, case_id, "resume", body.model_dump(mode="json"), by=by)


@router.post("/investigation-end", response_model=CaseOut, responses=_STEP)
async def end_investigation(
    case_id: UUID, body: InvestigationEnd, by: Annotated[Caller, of_case("end_investigation")], session: Transaction
) -> Case:
    """End the investigation with report and evidence (调查终结)."""
    return await cases.take(session, case_id, "end_investigation", body.model_dump(mode="json"), by=by)


@router.post("/review-submission", response_model=CaseOut, responses=_STEP)
async def submit_to_review(
    case_id: UUID, body: ReviewSubmission, by: Annotated[Caller, of_case("submit_review")], session: Transaction
) -> Case:
    """Submit the case to case review or legal review (送审核)."""
    return await cases.take(session, case_id, "submit_review", body.model_dump(mode="json"), by=by)


@router.post("/review", response_model=CaseOut, responses=_STEP)
async def review_case(
    case_id: UUID, body: Review, by: Annotated[Caller, of_case("review", "return")], session: Transaction
) -> Case:
    """Give the opinion of the review; one that does not pass returns the case (审核意见)."""
    return await cases.review(session, case_id, body.model_dump(mode="json"), by=by)


@router.post("/supplement", response_model=CaseOut, responses=_STEP)
async def supplement_investigation(
    case_id: UUID, body: Nothing, by: Annotated[Caller, of_case("supplement")], session: Transaction
) -> Case:
    """Take a returned case back to investigation (补充调查)."""
    return await cases.take(session, case_id, "supplement", body.model_dump(mode="json"), by=by)
