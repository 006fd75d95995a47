"""The surcharge on a fine that is not paid in time (加处罚款): how much is owed on a day."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.cases import queries
from services.cases.api.callers import readers
from services.cases.errors import CaseNotFound, NoFineOwed
from services.cases.models import Case
from services.cases.rules import hearing
from services.cases.rules.surcharge import REMEDY_EVENTS, surcharge_of, surcharge_rule
from services.cases.schemas.surcharge import SurchargeOut
from shared.core.clock import legal_day
from shared.deadline_records import DeadlineRecord
from shared.security.auth import Caller
from shared.vocabulary import DeadlineState, PenaltyKind
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases/{case_id}", route_class=ServiceRoute, tags=["cases: execution 送达执行"])

PAYMENT = "K17"
On = Annotated[date | None, Query(description="the day of payment; today if missing")]


@router.get("/surcharge", dependencies=[audited("surcharge.read")], responses=problem_responses(CaseNotFound, NoFineOwed))
async def get_surcharge(case_id: UUID, by: Annotated[Caller, readers()], session: Reading, on: On = None) -> SurchargeOut:
    """The surcharge owed on a day on top of the decided fine, in fen; it ends with the payment of the whole (加处罚款)."""
    case = await queries.readable_case(session, case_id, by)
    fine_fen = _decided_fine(case)
    payment = _payment_deadline([record for record in await queries.deadlines_of(session, case_id) if record.code == PAYMENT])
    if not fine_fen or payment is None or payment.due_on is None:
        raise NoFineOwed
    paid_on = None if payment.met_at is None else legal_day(payment.met_at)
    day = min(on or legal_day(session.now), paid_on or date.max)
    history = await queries.history_of(session, case_id)
    remedies = [(step.event, legal_day(step.at)) for step in history if step.event in REMEDY_EVENTS]
    owed = surcharge_of(fine_fen, payment.due_on, day, remedies)
    return SurchargeOut(
        on=day,
        fine_fen=fine_fen,
        due_on=payment.due_on,
        paid_on=paid_on,
        days=owed.days,
        surcharge_fen=owed.fen,
        capped=owed.capped,
        rule=surcharge_rule(payment.due_on).version,
    )


def _decided_fine(case: Case) -> int:
    """The fine of the decision in fen; 0 where there is no decision, or none with a fine."""
    decision = case.record.penalty_decision
    return hearing.total(decision.penalties, PenaltyKind.FINE) if decision else 0


def _payment_deadline(records: list[DeadlineRecord]) -> DeadlineRecord | None:
    """The newest deadline of payment, unless it was waived."""
    newest = records[-1] if records else None
    return None if newest is None or newest.state is DeadlineState.WAIVED else newest
