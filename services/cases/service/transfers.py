"""The acts of a criminal transfer, from the team to the hand-over (国务院令第310号)."""

from typing import Any
from uuid import UUID

from services.cases import queries
from services.cases.models import Case, CriminalTransfer
from services.cases.rules import deadlines as terms
from services.cases.rules import guards, reference_data
from services.cases.rules.situation import Situation
from services.cases.rules.state_machine import TRANSFER, Transition, machine
from services.cases.service import deadlines, history
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events.cases import CriminalTransferAnswered, CriminalTransferSent
from shared.messaging import emit
from shared.security.auth import Caller
from shared.vocabulary import TransferStatus

Body = dict[str, Any]

_ANSWERS = ("accept", "forward", "police_file", "police_decline")


async def take(session: Session, transfer_id: UUID, event: str, body: Body, *, by: Caller) -> CriminalTransfer:
    """Take a step of a criminal transfer.

    Raises:
        TransferNotFound: the caller's jurisdiction does not reach it.
        TransitionForbidden: the present state does not allow the step.
        GuardFailed: a condition is not met.
    """
    transfer = await queries.locked_transfer(session, transfer_id, by)
    step = machine(TRANSFER).take(transfer.state, event)
    guards.check(step, await _situation(session, transfer, body, by))
    before, transfer.state = transfer.state, TransferStatus(step.target or transfer.state)
    transfer.record = transfer.record | {event: body}
    await _run_clocks(session, transfer, step, before, by)
    history.note(session, ("transfer", transfer.id), event, (before, transfer.state), by, body)
    await _tell(session, transfer, event)
    return transfer


async def _run_clocks(session: Session, transfer: CriminalTransfer, step: Transition, before: str, by: Caller) -> None:
    """Once the police have declined again, what is left is the advice to the procuratorate."""
    await deadline_records.meet(session, transfer.id, step.meets_clocks, by=by)
    if step.waives_clocks:
        await deadline_records.waive(session, transfer.id, step.waives_clocks, step.event, by=by)
    again = step.event == "police_decline" and before == TransferStatus.RECONSIDERATION
    codes = ("K29/procuratorate",) if again else step.starts_clocks
    case = await session.get_one(Case, transfer.case_id)
    await deadlines.start(session, deadlines.of_transfer(transfer, case), codes, by)


async def _situation(session: Session, transfer: CriminalTransfer, body: Body, by: Caller) -> Situation:
    case = await session.get_one(Case, transfer.case_id)
    return Situation(
        record=transfer.record,
        body=body,
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


async def _tell(session: Session, transfer: CriminalTransfer, event: str) -> None:
    day = legal_day(session.now)
    whose = {
        "case_id": transfer.case_id,
        "transfer_id": transfer.id,
        "finding_id": transfer.finding_id,
        "campaign_id": transfer.campaign_id,
    }
    if event == "send":
        emit(
            session,
            CriminalTransferSent(
                **whose, sent_on=day, answer_due_on=terms.due_day("K28", day, await deadline_records.in_force(session))
            ),
        )
    if event in _ANSWERS:
        emit(session, CriminalTransferAnswered(**whose, answer=transfer.state, answered_on=day))
