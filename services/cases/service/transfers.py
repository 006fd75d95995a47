"""The acts of a criminal transfer, from the team to the hand-over (国务院令第310号)."""

from uuid import UUID

from services.cases import queries
from services.cases.models import Case, CriminalTransfer
from services.cases.rules import guards, reference_data, transfer_steps
from services.cases.rules.bodies import Step
from services.cases.rules.deadlines import due_day
from services.cases.rules.situation import Situation
from services.cases.rules.state_machine import TRANSFER, Transition, machine
from services.cases.service import deadlines, history
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.deadline_records import Subject
from shared.events.cases import CriminalTransferAnswered, CriminalTransferSent
from shared.messaging import emit
from shared.security.auth import Caller
from shared.vocabulary import TransferStatus


async def take(session: Session, transfer_id: UUID, step: Step, *, by: Caller) -> CriminalTransfer:
    """Take a step of a criminal transfer.

    Raises:
        TransferNotFound: the caller's jurisdiction does not reach it.
        TransitionForbidden: the present state does not allow the step.
        GuardFailed: a condition is not met.
    """
    transfer = await queries.locked_transfer(session, transfer_id, by)
    case = await session.get_one(Case, transfer.case_id)
    transition = machine(TRANSFER).apply(transfer.state, step.event)
    guards.check(transition, await _situation(session, transfer, case, step, by))
    before, transfer.state = transfer.state, TransferStatus(transition.target or transfer.state)
    transfer.record = transfer.record.after(step)
    again = isinstance(step, transfer_steps.PoliceRejection) and before is TransferStatus.RECONSIDERATION
    await _run_clocks(session, deadlines.of_transfer(transfer, case), transition, again, by)
    history.note(session, ("transfer", transfer.id), step.event, (before, transfer.state), by, step.content())
    await _publish(session, transfer, step)
    return transfer


async def _run_clocks(session: Session, subject: Subject, transition: Transition, declined_again: bool, by: Caller) -> None:
    """Once the police have declined again, what is left is the advice to the procuratorate."""
    await deadline_records.meet(session, subject.id, transition.meets_clocks, by=by)
    if transition.waives_clocks:
        await deadline_records.waive(session, subject.id, transition.waives_clocks, transition.event, by=by)
    codes = ("K29/procuratorate",) if declined_again else transition.starts_clocks
    await deadlines.start(session, subject, codes, by)


async def _situation(session: Session, transfer: CriminalTransfer, case: Case, step: Step, by: Caller) -> Situation:
    return Situation(
        record=case.record,
        step=step,
        persons=transfer.record.members,
        handled=True,
        state=transfer.state,
        calendar=await deadline_records.in_force(session),
        subject=by.subject,
        org=by.org,
        office=case.office,
        day=legal_day(session.now),
        act_on=case.act_on,
        severity=case.severity,
        respondent=case.respondent_type,
        terms=await deadlines.last_days(session, transfer.id),
        violation=reference_data.known_violation(case.violation_type),
    )


async def _publish(session: Session, transfer: CriminalTransfer, step: Step) -> None:
    day = legal_day(session.now)
    whose = {
        "case_id": transfer.case_id,
        "transfer_id": transfer.id,
        "finding_id": transfer.finding_id,
        "campaign_id": transfer.campaign_id,
    }
    if isinstance(step, transfer_steps.Sending):
        answer_due_on = due_day("K28", day, await deadline_records.in_force(session))
        emit(session, CriminalTransferSent(**whose, sent_on=day, answer_due_on=answer_due_on))
    if isinstance(step, transfer_steps.ANSWERS):
        emit(session, CriminalTransferAnswered(**whose, answer=transfer.state, answered_on=day))
