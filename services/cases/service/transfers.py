"""The acts of a criminal transfer, from the team to the hand-over (国务院令第310号)."""

from typing import Any
from uuid import UUID

from services.cases import queries
from services.cases.models import Case, CriminalTransfer
from services.cases.rules import clocks as terms
from services.cases.rules import guards, law
from services.cases.rules.machine import TRANSFER, machine
from services.cases.rules.situation import Situation
from services.cases.service import clocks, history
from shared.auth import Caller
from shared.clock import legal_day
from shared.db import Session
from shared.events.cases import CriminalTransferAnswered, CriminalTransferSent
from shared.messaging import emit
from shared.terms import TransferStatus

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
    await clocks.meet(session, transfer.id, step.meets_clocks)
    await clocks.start(session, transfer.id, step.starts_clocks)
    history.note(session, ("transfer", transfer.id), event, (before, transfer.state), by, body)
    _tell(session, transfer, event)
    return transfer


async def _situation(session: Session, transfer: CriminalTransfer, body: Body, by: Caller) -> Situation:
    case = await session.get_one(Case, transfer.case_id)
    return Situation(
        record=transfer.record,
        body=body,
        state=transfer.state,
        subject=by.subject,
        org=by.org,
        office=case.office,
        day=legal_day(session.now),
        act_on=case.act_on,
        severity=case.severity,
        respondent=case.respondent_type,
        violation=law.known_violation(case.violation_type),
        terms=await clocks.last_days(session, transfer.id),
    )


def _tell(session: Session, transfer: CriminalTransfer, event: str) -> None:
    day = legal_day(session.now)
    whose = {
        "case_id": transfer.case_id,
        "transfer_id": transfer.id,
        "finding_id": transfer.finding_id,
        "campaign_id": transfer.campaign_id,
    }
    if event == "send":
        emit(session, CriminalTransferSent(**whose, sent_on=day, answer_due_on=terms.due_day("K28", day)))
    if event in _ANSWERS:
        emit(session, CriminalTransferAnswered(**whose, answer=transfer.state, answered_on=day))
