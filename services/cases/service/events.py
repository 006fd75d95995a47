"""The events of a case: what is published of each step."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.cases import queries
from services.cases.models import Case
from services.cases.rules import deadlines, hearing, reference_data, steps
from services.cases.rules.bodies import Step
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.deadlines import Calendar
from shared.events.cases import CaseClosed, CaseDecided, CaseFiled, CaseNotFiled, CasePublished, CaseReferred
from shared.events.value_objects import Penalty
from shared.messaging import emit
from shared.vocabulary import PenaltyKind


def referred(case: Case, filing_due_on: date) -> CaseReferred:
    """The clue as the enforcement office receives it."""
    violation = reference_data.known_violation(case.violation_type)
    return CaseReferred(
        case_id=case.id,
        clue_no=case.clue_no,
        finding_id=case.finding_id,
        campaign_id=case.campaign_id,
        respondent=case.respondent,
        certificate_no=case.certificate_no,
        product_name=case.product_name,
        body_name=case.body_name,
        violation_type=case.violation_type or "",
        provision=violation.provision if violation else "",
        office=case.office,
        referred_on=case.received_on,
        filing_due_on=filing_due_on,
    )


async def publish(session: Session, case: Case, step: Step) -> None:
    """Publish a step that concerns other services."""
    day = legal_day(session.now)
    match step:
        case steps.Filing():
            due_on = (await queries.running_deadline(session, case.id, "K15")).due_on
            emit(session, _filed(case, day, due_on))
        case steps.NonFiling():
            emit(session, CaseNotFiled(**_whose(case), ground=step.ground, decided_on=day))
        case steps.DecisionStep() | steps.OnTheSpot():
            calendar = await deadline_records.in_force(session)
            emit(session, _decided(case, day, calendar, step.penalties, step.decision_no))
        case steps.ExternalTransfer() | steps.JudicialTransfer():
            emit(session, _decided(case, day, await deadline_records.in_force(session)))
        case steps.Publication() | steps.PublicationWithdrawal():
            withdrawn = isinstance(step, steps.PublicationWithdrawal)
            emit(session, CasePublished(**_whose(case), published_on=day, withdrawn=withdrawn))
        case steps.Closure():
            emit(session, CaseClosed(**_whose(case), closed_on=day))
        case _:
            pass


def _whose(case: Case) -> dict[str, UUID]:
    return {"case_id": case.id, "finding_id": case.finding_id, "campaign_id": case.campaign_id}


def _filed(case: Case, day: date, decision_due_on: date | None) -> CaseFiled:
    assert case.case_no is not None  # the act of filing gave it
    return CaseFiled(
        case_id=case.id,
        finding_id=case.finding_id,
        campaign_id=case.campaign_id,
        case_no=case.case_no,
        decided_on=day,
        decision_due_on=decision_due_on,
        goods_value_fen=case.goods_value_fen,
    )


def _decided(
    case: Case, day: date, calendar: Calendar, penalties: Sequence[Penalty] = (), decision_no: str | None = None
) -> CaseDecided:
    violation = reference_data.known_violation(case.violation_type)
    public = any(penalty.kind is not PenaltyKind.WARNING for penalty in penalties)
    confiscations = (PenaltyKind.CONFISCATE_GAINS, PenaltyKind.CONFISCATE_GOODS)
    return CaseDecided(
        case_id=case.id,
        finding_id=case.finding_id,
        campaign_id=case.campaign_id,
        outcome=case.state,
        decision_no=decision_no,
        decided_on=day,
        penalty_basis=violation.sanction_provision if violation and penalties else "",
        penalties=tuple(penalties),
        fine_fen=hearing.total(penalties, PenaltyKind.FINE),
        confiscated_fen=hearing.total(penalties, *confiscations),
        goods_value_fen=case.goods_value_fen,
        publish_due_on=deadlines.due_day("K21", day, calendar) if public else None,
    )
