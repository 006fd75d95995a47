"""The acts of a case: opened from a finding, then led from step to step by the state machine."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.cases import queries
from services.cases.errors import AmountExceedsDecision, CaseNumberTaken, DecisionNumberTaken
from services.cases.models import Case
from services.cases.rules import competence, guards, hearing, reference_data
from services.cases.rules.situation import Situation
from services.cases.rules.state_machine import CASE, CLEARED_BY, machine
from services.cases.service import deadlines, events, history
from services.cases.service.step_deadlines import run_clocks
from shared import deadline_records
from shared.core.clock import legal_day
from shared.core.errors import Forbidden, InvalidRequest
from shared.core.ids import new_id
from shared.database.session import Session, lock
from shared.events.inspection import FindingConfirmed
from shared.events.value_objects import InspectedObject, Penalty
from shared.messaging import emit
from shared.security.auth import SYSTEM, Caller
from shared.vocabulary import CaseStatus, RespondentType

Body = dict[str, Any]

_LOOK_BACK = "K33"
_DECISIONS = {
    CaseStatus.PENALTY_DECIDED: "decide_penalty",
    CaseStatus.NO_PENALTY: "decide_no_penalty",
    CaseStatus.FACTS_NOT_ESTABLISHED: "decide_not_established",
}


async def open_case(session: Session, told: FindingConfirmed, source: str) -> Case:
    """Refer a finding to the enforcement office of the competent bureau, once; `source` says why."""
    known = await queries.case_of_finding(session, told.finding_id)
    if known is not None:
        return known
    day, office = legal_day(session.now), told.object.city
    number = await history.next_number(session, f"XS-{office}-{day.year}")
    case = Case(
        id=new_id(),
        finding_id=told.finding_id,
        campaign_id=told.campaign_id,
        clue_no=f"XS-{office}-{day.year}-{number:04d}",
        state=CaseStatus.CLUE_RECEIVED,
        city=told.object.city,
        county=told.object.county,
        office=office,
        respondent=_respondent(told).model_dump(mode="json"),
        respondent_type=told.respondent_type,
        uscc=_respondent(told).uscc,
        certificate_no=told.certificate.certificate_no,
        product_name=told.certificate.product_name,
        body_name=told.certificate.body_name,
        violation_type=told.violation_type,
        severity=told.severity,
        fact=told.fact,
        act_on=told.act_on,
        goods_value_fen=told.goods_value_fen,
        source=source,
        received_on=day,
        record={"receive": {"source": source}},
    )
    session.add(case)
    await session.flush()
    codes = machine(CASE).step("receive").starts_clocks
    await deadlines.start(session, deadlines.of_case(case), codes, SYSTEM, {_LOOK_BACK: case.act_on})
    history.note(session, ("case", case.id), "receive", (None, case.state), SYSTEM, {"source": source})
    due_on = (await queries.running_deadline(session, case.id, "K05")).due_on
    assert due_on is not None  # a clue has no pause
    emit(session, events.referred(case, due_on))
    return case


async def take(session: Session, case_id: UUID, event: str, body: Body, *, by: Caller) -> Case:
    """Take a step of the state machine, or put something on record.

    Raises:
        CaseNotFound: the caller's jurisdiction does not reach the case.
        TransitionForbidden: the present state does not allow the step.
        GuardFailed, SanctionOutsideFrame, GoodsValueMissing, NotCompetentToSanction: a condition is not met.
    """
    case = await queries.locked_case(session, case_id, by)
    step = machine(CASE).take(case.state, event)
    _absorb(case, body)
    guards.check(step, await _situation(session, case, body, by))
    before, case.state = case.state, CaseStatus(step.target or case.state)
    case.record = _recorded(case.record, event, body)
    await run_clocks(session, case, event, body, by)
    history.note(session, ("case", case.id), event, (before, case.state), by, body)
    await events.tell(session, case, event, body)
    return case


async def file(session: Session, case_id: UUID, body: Body, *, by: Caller) -> Case:
    """File a case for a violation type in force on the day of the act, under a number of the bureau.

    Raises:
        UnknownViolation: there is no such type.
        CaseNumberTaken: another case bears this number.
    """
    case = await queries.locked_case(session, case_id, by)
    reference_data.violation(body["violation_type"] or case.violation_type, case.act_on)
    body |= {"case_no": await _number(session, case, body["case_no"])}
    filed = await take(session, case_id, "file", body, by=by)
    await deadlines.move_to(session, filed)
    await deadlines.bar(session, case_id, body["handlers"])
    return filed


async def _number(session: Session, case: Case, wanted: str | None) -> str:
    if wanted is None:
        series = f"LA-{case.office}-{legal_day(session.now).year}"
        return f"{series}-{await history.next_number(session, series):04d}"
    await _require_free(session, "case_no", wanted, CaseNumberTaken)
    return wanted


async def _require_free(
    session: Session, kind: Literal["case_no", "decision_no"], number: str, taken: type[CaseNumberTaken | DecisionNumberTaken]
) -> None:
    await lock(session, f"{kind}:{number}")
    if await queries.number_taken(session, kind, number):
        raise taken(number, pointer=f"/{kind}")


async def assign(session: Session, case_id: UUID, body: Body, *, by: Caller) -> Case:
    """Give a clue to a bureau below; it is referred once more, its term running on."""
    case = await take(session, case_id, "assign", body, by=by)
    case.office = body["office"]
    case.city, case.county = competence.place(case.office, case.county)
    await deadlines.move_to(session, case)
    for transfer in await queries.transfers_of(session, case_id):
        transfer.city, transfer.county = case.city, case.county
    due_on = (await queries.running_deadline(session, case_id, "K05")).due_on
    assert due_on is not None  # a clue has no pause
    emit(session, events.referred(case, due_on))
    return case


async def review(session: Session, case_id: UUID, body: Body, *, by: Caller) -> Case:
    """Put the opinion of the reviewer on record; one that does not pass returns the case."""
    case = await queries.locked_case(session, case_id, by)
    passed = "review_after_hearing" if case.state is CaseStatus.HEARING else "review"
    return await take(session, case_id, passed if body["passed"] else "return", body | {"reviewer": by.subject}, by=by)


async def decide(session: Session, case_id: UUID, outcome: CaseStatus, body: Body, *, by: Caller) -> Case:
    """Decide a case: a penalty, no penalty, or facts not established.

    Raises:
        DecisionNumberTaken: another decision bears this number.
    """
    await queries.locked_case(session, case_id, by)
    if body["decision_no"] is not None:
        await _require_free(session, "decision_no", body["decision_no"], DecisionNumberTaken)
    return await take(session, case_id, _DECISIONS[outcome], body, by=by)


async def put_on_record(session: Session, case_id: UUID, act: str, body: Body, *, by: Caller) -> Case:
    """Put an act on record that starts or meets a clock.

    Raises:
        Forbidden: the act is not one of the caller's role.
        InvalidRequest: it lies in the future.
    """
    if by.role not in machine(CASE).step(act).roles:
        raise Forbidden
    if body["happened_at"] is not None and datetime.fromisoformat(body["happened_at"]) > session.now:
        raise InvalidRequest("the act lies in the future", pointer="/happened_at")
    return await take(session, case_id, act, body, by=by)


async def decide_on_the_spot(session: Session, case_id: UUID, body: Body, *, by: Caller) -> Case:
    """Decide a minor case by the simplified procedure; its record stands as that of any decision."""
    case = await take(session, case_id, "decide_on_the_spot", body, by=by)
    case.record = case.record | {"decide_penalty": body}
    return case


async def extend(session: Session, case_id: UUID, code: str, body: Body, *, by: Caller) -> Case:
    """Extend a running clock of the case, as its rule allows."""
    granted = body | {"code": code, "approved_on": legal_day(session.now).isoformat()}
    case = await take(session, case_id, "extend_deadline", granted, by=by)
    await deadlines.extend(session, case.id, code, granted, by)
    return case


async def pay(session: Session, case_id: UUID, body: Body, *, by: Caller) -> Case:
    """Record a payment towards fine and confiscated gains, or another settlement.

    Raises:
        AmountExceedsDecision: more would be paid than was decided.
    """
    case = await queries.locked_case(session, case_id, by)
    paid = case.record.get("pay", {}).get("paid_fen", 0) + (body["amount_fen"] or 0)
    owed = hearing.owed([Penalty.model_validate(each) for each in case.record.get("decide_penalty", {}).get("penalties", ())])
    if paid > owed:
        raise AmountExceedsDecision(f"{paid} > {owed}", pointer="/amount_fen")
    settlement = body["settlement"] or case.record.get("pay", {}).get("settlement")
    done = {"paid_fen": paid, "settlement": settlement, "complete": paid == owed or settlement is not None}
    return await take(session, case_id, "pay", body | done, by=by)


def _respondent(told: FindingConfirmed) -> InspectedObject:
    if told.respondent_type is RespondentType.OBJECT:
        return told.object
    place = {"city": told.object.city, "county": told.object.county}
    return InspectedObject(uscc=told.respondent_id, name=told.respondent_name, **place)


def _absorb(case: Case, body: Body) -> None:
    """Let what the step establishes stand on the case itself."""
    for field in ("violation_type", "goods_value_fen", "case_no", "decision_no"):
        if body.get(field) is not None:
            setattr(case, field, body[field])


def _recorded(record: Body, event: str, body: Body) -> Body:
    kept = {key: value for key, value in record.items() if key not in CLEARED_BY.get(event, ())}
    return kept | {event: body}


async def _situation(session: Session, case: Case, body: Body, by: Caller) -> Situation:
    return Situation(
        record=case.record,
        body=body,
        state=case.state,
        subject=by.subject,
        org=by.org,
        office=case.office,
        day=legal_day(session.now),
        act_on=case.act_on,
        calendar=await deadline_records.in_force(session),
        severity=case.severity,
        respondent=case.respondent_type,
        violation=reference_data.known_violation(case.violation_type),
        goods_value_fen=case.goods_value_fen,
        terms=await deadlines.last_days(session, case.id),
        transfers=[each.state for each in await queries.transfers_of(session, case.id)],
    )
