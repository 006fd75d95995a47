"""The acts of a case: opened from a finding, then led from step to step by the state machine."""

from typing import Literal
from uuid import UUID

from services.cases import queries
from services.cases.errors import AmountExceedsDecision, CaseNumberTaken, DecisionNumberTaken
from services.cases.models import Case
from services.cases.rules import competence, guards, hearing, reference_data, steps
from services.cases.rules.bodies import Step
from services.cases.rules.deadlines import effects
from services.cases.rules.record import CaseRecord
from services.cases.rules.situation import Situation
from services.cases.rules.state_machine import CASE, machine
from services.cases.service import deadlines, events, history, step_deadlines
from shared import deadline_records
from shared.core.clock import legal_day
from shared.core.errors import Forbidden, InvalidRequest
from shared.core.ids import new_id
from shared.database.session import Session, lock
from shared.events.inspection import FindingConfirmed
from shared.events.value_objects import InspectedObject
from shared.messaging import emit
from shared.security.auth import SYSTEM, Caller
from shared.vocabulary import CaseStatus, RespondentType

_LOOK_BACK = "K33"


async def open_case(session: Session, event: FindingConfirmed, source: str) -> Case:
    """Refer a finding to the enforcement office of the competent bureau, once; `source` says why."""
    known = await queries.case_of_finding(session, event.finding_id)
    if known is not None:
        return known
    day, office, received = legal_day(session.now), event.object.city, steps.ClueReceived(source=source)
    number = await history.next_number(session, f"XS-{office}-{day.year}")
    case = Case(
        id=new_id(),
        finding_id=event.finding_id,
        campaign_id=event.campaign_id,
        clue_no=f"XS-{office}-{day.year}-{number:04d}",
        state=CaseStatus.CLUE_RECEIVED,
        city=event.object.city,
        county=event.object.county,
        office=office,
        respondent=_respondent(event),
        respondent_type=event.respondent_type,
        uscc=_respondent(event).uscc,
        certificate_no=event.certificate.certificate_no,
        product_name=event.certificate.product_name,
        body_name=event.certificate.body_name,
        violation_type=event.violation_type,
        severity=event.severity,
        fact=event.fact,
        act_on=event.act_on,
        goods_value_fen=event.goods_value_fen,
        source=source,
        received_on=day,
        record=CaseRecord().after(received),
    )
    session.add(case)
    await session.flush()
    codes = machine(CASE).transition(received.event).starts_clocks
    await deadlines.start(session, deadlines.of_case(case), codes, SYSTEM, {_LOOK_BACK: case.act_on})
    history.note(session, ("case", case.id), received.event, (None, case.state), SYSTEM, received.content())
    due_on = (await queries.running_deadline(session, case.id, "K05")).due_on
    assert due_on is not None  # a clue has no pause
    emit(session, events.referred(case, due_on))
    return case


async def take(session: Session, case_id: UUID, step: Step, *, by: Caller) -> Case:
    """Take a step of the state machine, or put something on record.

    Raises:
        CaseNotFound: the caller's jurisdiction does not reach the case.
        TransitionForbidden: the present state does not allow the step.
        GuardFailed, SanctionOutsideFrame, GoodsValueMissing, NotCompetentToSanction: a condition is not met.
    """
    case = await queries.locked_case(session, case_id, by)
    transition = machine(CASE).apply(case.state, step.event)
    _absorb(case, step)
    guards.check(transition, await _situation(session, case, step, by))
    before, case.state = case.state, CaseStatus(transition.target or case.state)
    case.record = case.record.after(step)
    changes = effects(transition, step, case.record, case.act_on)
    await step_deadlines.carry_out(session, case, changes, by)
    history.note(session, ("case", case.id), step.event, (before, case.state), by, step.content())
    await events.publish(session, case, step)
    return case


async def file(session: Session, case_id: UUID, filing: steps.Filing, *, by: Caller) -> Case:
    """File a case for a violation type in force on the day of the act, under a number of the bureau.

    Raises:
        UnknownViolation: there is no such type.
        CaseNumberTaken: another case bears this number.
    """
    case = await queries.locked_case(session, case_id, by)
    reference_data.violation(filing.violation_type or case.violation_type, case.act_on)
    number = await _number(session, case, filing.case_no)
    filed = await take(session, case_id, filing.numbered(number), by=by)
    await deadlines.move_to(session, filed)
    await deadlines.bar(session, case_id, filing.handlers)
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


async def assign(session: Session, case_id: UUID, assignment: steps.Assignment, *, by: Caller) -> Case:
    """Give a clue to a bureau below; it is referred once more, its term running on."""
    case = await take(session, case_id, assignment, by=by)
    case.office = assignment.office
    case.city, case.county = competence.place(case.office, case.county)
    await deadlines.move_to(session, case)
    for transfer in await queries.transfers_of(session, case_id):
        transfer.city, transfer.county = case.city, case.county
    due_on = (await queries.running_deadline(session, case_id, "K05")).due_on
    assert due_on is not None  # a clue has no pause
    emit(session, events.referred(case, due_on))
    return case


async def review(session: Session, case_id: UUID, body: steps.Review, *, by: Caller) -> Case:
    """Put the opinion of the reviewer on record; one that does not pass returns the case."""
    case = await queries.locked_case(session, case_id, by)
    passed = steps.ReviewAfterHearing if case.state is CaseStatus.HEARING else steps.ReviewOpinion
    opinion = passed if body.passed else steps.ReviewReturn
    return await take(session, case_id, opinion(passed=body.passed, opinion=body.opinion, reviewer=by.subject), by=by)


async def decide(session: Session, case_id: UUID, decision: steps.Decision, *, by: Caller) -> Case:
    """Decide a case: a penalty, no penalty, or facts not established.

    Raises:
        DecisionNumberTaken: another decision bears this number.
    """
    await queries.locked_case(session, case_id, by)
    if decision.decision_no is not None:
        await _require_free(session, "decision_no", decision.decision_no, DecisionNumberTaken)
    return await take(session, case_id, decision.step(), by=by)


async def put_on_record(session: Session, case_id: UUID, event: str, act: steps.ActOnRecord, *, by: Caller) -> Case:
    """Put an act on record that starts or meets a clock.

    Raises:
        Forbidden: the act is not one of the caller's role.
        InvalidRequest: it lies in the future.
    """
    if by.role not in machine(CASE).transition(event).roles:
        raise Forbidden
    if act.happened_at is not None and act.happened_at > session.now:
        raise InvalidRequest("the act lies in the future", pointer="/happened_at")
    return await take(session, case_id, act.step(event), by=by)


async def extend(session: Session, case_id: UUID, code: str, body: steps.TermExtension, *, by: Caller) -> Case:
    """Extend a running clock of the case, as its rule allows."""
    granted = steps.GrantedExtension(
        approver=body.approver,
        document=body.document,
        amount=body.amount,
        until=body.until,
        code=code,
        approved_on=legal_day(session.now),
    )
    case = await take(session, case_id, granted, by=by)
    await deadlines.extend(session, case.id, granted, by)
    return case


async def pay(session: Session, case_id: UUID, body: steps.Payment, *, by: Caller) -> Case:
    """Record a payment towards fine and confiscated gains, or another settlement.

    Raises:
        AmountExceedsDecision: more would be paid than was decided.
    """
    record = (await queries.locked_case(session, case_id, by)).record
    paid_fen = (record.payment.paid_fen if record.payment else 0) + (body.amount_fen or 0)
    owed_fen = hearing.owed(record.penalty_decision.penalties if record.penalty_decision else ())
    if paid_fen > owed_fen:
        raise AmountExceedsDecision(f"{paid_fen} > {owed_fen}", pointer="/amount_fen")
    settlement = body.settlement or (record.payment.settlement if record.payment else None)
    complete = paid_fen == owed_fen or settlement is not None
    payment = steps.PaymentRecord(amount_fen=body.amount_fen, settlement=settlement, paid_fen=paid_fen, complete=complete)
    return await take(session, case_id, payment, by=by)


def _respondent(event: FindingConfirmed) -> InspectedObject:
    if event.respondent_type is RespondentType.OBJECT:
        return event.object
    place = {"city": event.object.city, "county": event.object.county}
    return InspectedObject(uscc=event.respondent_id, name=event.respondent_name, **place)


def _absorb(case: Case, step: Step) -> None:
    """Let what the step establishes stand on the case itself."""
    match step:
        case steps.Filing():
            case.violation_type = step.violation_type or case.violation_type
            case.case_no = step.case_no or case.case_no
        case steps.DecisionStep() | steps.OnTheSpot():
            case.decision_no = step.decision_no or case.decision_no
        case _:
            pass
    if isinstance(step, steps.Filing | steps.InvestigationEnd) and step.goods_value_fen is not None:
        case.goods_value_fen = step.goods_value_fen


async def _situation(session: Session, case: Case, step: Step, by: Caller) -> Situation:
    return Situation(
        record=case.record,
        step=step,
        persons=case.record.handlers,
        handled=case.case_no is not None,
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
