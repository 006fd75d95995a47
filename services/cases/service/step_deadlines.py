"""Which deadlines a step of a case starts, meets, waives, stops and lets run on; the state machine's data names most of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.cases import queries
from services.cases.models import Case
from services.cases.rules.state_machine import CASE, machine
from services.cases.service import deadlines
from shared import deadline_records
from shared.database.session import Session
from shared.deadline_records import Paused
from shared.deadline_records.computation import trigger_at
from shared.deadlines import Moment
from shared.deadlines.rules import PauseGround
from shared.security.auth import Caller
from shared.vocabulary import PenaltyKind

Body = dict[str, Any]

_PAUSES: dict[str, PauseGround] = {
    "suspend": "suspension",
    "ask_hearing": "hearing",
    "apply_for_review": "review",
    "sue": "litigation",
}
_RESUMES = ("resume", "conclude_rights", "conclude_remedy")
_CRITICISM = {PenaltyKind.CRITICISM.value}


async def run_clocks(session: Session, case: Case, event: str, body: Body, by: Caller) -> None:
    """Do to the deadlines of a case what the step `event` does to them."""
    step = machine(CASE).step(event)
    if body.get("complete", True):
        await deadline_records.meet(session, case.id, step.meets_clocks, by=by)
        await _waive(session, case.id, step.waives_clocks, step.event, by)
    if event in _RESUMES:
        await deadlines.resume(session, case.id, _document(body), by)
    codes = [_variant(case, code, body) for code in (*step.starts_clocks, *_informant(event, body))]
    for code in codes:
        await deadlines.start(session, deadlines.of_case(case), [code], by, await _triggers(session, case, code, body))
    if event == "notify_hearing":
        await deadline_records.meet(session, case.id, ["K14"], by=by)
    if event in _PAUSES:
        await deadlines.pause(session, case.id, Paused(body.get("clock_ground") or _PAUSES[event], _document(body)), by)


async def _waive(session: Session, case_id: UUID, codes: tuple[str, ...], event: str, by: Caller) -> None:
    if codes:
        await deadline_records.waive(session, case_id, codes, event, by=by)


def _document(body: Body) -> str:
    return body.get("document") or body.get("explanation") or ""


def _informant(event: str, body: Body) -> list[str]:
    return ["K06"] if event in {"file", "decline_filing"} and body.get("named_informant") else []


def _variant(case: Case, code: str, body: Body) -> str:
    """The part of a clock that fits: cross-province publication, or the short publication of a mere criticism."""
    if code == "K21" and body.get("cross_province"):
        return "K21/cross_send"
    kinds = {each["kind"] for each in case.record.get("decide_penalty", {}).get("penalties", ())} - {PenaltyKind.WARNING.value}
    return "K23/short" if code == "K23" and kinds == _CRITICISM else code


async def _triggers(session: Session, case: Case, code: str, body: Body) -> dict[str, Moment]:
    """What a clock counts from, where that is not the step itself."""
    if code == "K14":
        return {code: date.fromisoformat(body["held_on"])}
    if code == "K33/harm":
        return {code: case.act_on}
    if code == "K19/court":
        demand = (await queries.running_deadline(session, case.id, "K19")).due_on
        return {} if demand is None else {code: demand}
    happened = body.get("happened_at")
    return {} if happened is None else {code: trigger_at(code, datetime.fromisoformat(happened))}
