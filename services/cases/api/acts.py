"""Acts that are put on record of a case and start or meet a statutory clock (在案行为), and the simplified procedure."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.cases.api.callers import of_case
from services.cases.errors import CaseNotFound, GuardFailed, TransitionForbidden
from services.cases.models import Case
from services.cases.rules.state_machine import ACTS
from services.cases.schemas.answers import CaseOut
from services.cases.schemas.steps import ActOnRecord, OnTheSpot
from services.cases.service import cases
from shared.core.errors import Forbidden
from shared.deadline_records.errors import ActTooLate
from shared.deadlines.errors import DeadlineRefused
from shared.security.auth import Caller
from shared.web.dependencies import Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases/{case_id}", route_class=ServiceRoute, tags=["cases: acts on record 在案行为"])

Act = StrEnum("Act", {name: name for name in ACTS})  # type: ignore[misc]


@router.post(
    "/acts/{act}",
    response_model=CaseOut,
    responses=problem_responses(CaseNotFound, TransitionForbidden, GuardFailed, Forbidden, ActTooLate, DeadlineRefused),
)
async def put_on_record(
    case_id: UUID, act: Act, body: ActOnRecord, by: Annotated[Caller, of_case(*ACTS)], session: Transaction
) -> Case:
    """Put an act on record; the clock that the law ties to it begins, or is met (在案行为登记)."""
    return await cases.put_on_record(session, case_id, act.value, body.model_dump(mode="json"), by=by)


@router.post(
    "/on-the-spot-decision", response_model=CaseOut, responses=problem_responses(CaseNotFound, TransitionForbidden, GuardFailed)
)
async def decide_on_the_spot(
    case_id: UUID, body: OnTheSpot, by: Annotated[Caller, of_case("decide_on_the_spot")], session: Transaction
) -> Case:
    """Decide a minor case at once by the simplified procedure (简易程序当场处罚)."""
    return await cases.decide_on_the_spot(session, case_id, body.model_dump(mode="json"), by=by)
