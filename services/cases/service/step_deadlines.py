"""Which deadlines a step of a case starts, meets, waives, stops and lets run on; the state machine's data names most of them."""

from uuid import UUID

from services.cases import queries
from services.cases.models import Case
from services.cases.rules.state_machine import CASE, machine
from services.cases.rules.steps import (
    Act,
    Filing,
    HearingNotice,
    HearingRequest,
    NonFiling,
    PaymentRecord,
    Resumption,
    RightsConclusion,
    ServiceOfDecision,
    Step,
    Suspension,
)
from services.cases.service import deadlines
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import Paused
from shared.deadline_records.computation import trigger_at
from shared.deadlines import Moment
from shared.deadlines.rules import PauseGround
from shared.security.auth import Caller
from shared.vocabulary import PenaltyKind

_PAUSES: dict[str, PauseGround] = {
    Suspension.event: "suspension",
    HearingRequest.event: "hearing",
    "apply_for_review": "review",
    "sue": "litigation",
}
_RESUMES = (Resumption.event, RightsConclusion.event, "conclude_remedy")


async def run_clocks(session: Session, case: Case, step: Step, by: Caller) -> None:
    """Do to the deadlines of a case what the step does to them."""
    transition = machine(CASE).step(step.event)
    if not isinstance(step, PaymentRecord) or step.complete:
        await deadline_records.meet(session, case.id, transition.meets_clocks, by=by)
        await _waive(session, case.id, transition.waives_clocks, step.event, by)
    if step.event in _RESUMES:
        await deadlines.resume(session, case.id, _document(step), by)
    codes = [_variant(case, code, step) for code in (*transition.starts_clocks, *_informant(step))]
    for code in codes:
        await deadlines.start(session, deadlines.of_case(case), [code], by, await _triggers(session, case, code, step))
    if isinstance(step, HearingNotice):
        await deadline_records.meet(session, case.id, ["K14"], by=by)
    if step.event in _PAUSES:
        ground = step.clock_ground if isinstance(step, Suspension) else _PAUSES[step.event]
        await deadlines.pause(session, case.id, Paused(ground, _document(step)), by)


async def _waive(session: Session, case_id: UUID, codes: tuple[str, ...], event: str, by: Caller) -> None:
    if codes:
        await deadline_records.waive(session, case_id, codes, event, by=by)


def _document(step: Step) -> str:
    match step:
        case Act():
            return step.document
        case Suspension() | Resumption():
            return step.explanation
        case _:
            return ""


def _informant(step: Step) -> list[str]:
    return ["K06"] if isinstance(step, Filing | NonFiling) and step.named_informant else []


def _variant(case: Case, code: str, step: Step) -> str:
    """The part of a clock that fits: cross-province publication, or the short publication of a mere criticism."""
    if code == "K21" and isinstance(step, ServiceOfDecision) and step.cross_province:
        return "K21/cross_send"
    decision = case.record.penalty_decision
    kinds = {penalty.kind for penalty in decision.penalties} - {PenaltyKind.WARNING} if decision else set()
    return "K23/short" if code == "K23" and kinds == {PenaltyKind.CRITICISM} else code


async def _triggers(session: Session, case: Case, code: str, step: Step) -> dict[str, Moment]:
    """What a clock counts from, where that is not the step itself."""
    if isinstance(step, HearingNotice):
        return {code: step.held_on}
    if code == "K33/harm":
        return {code: case.act_on}
    if code == "K19/court":
        demand = (await queries.running_deadline(session, case.id, "K19")).due_on
        return {} if demand is None else {code: demand}
    happened = step.happened_at if isinstance(step, Act) else None
    return {} if happened is None else {code: trigger_at(code, happened)}
