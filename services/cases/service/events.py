"""The events of a case: what the others hear of each step."""

from datetime import date
from typing import Any
from uuid import UUID

from services.cases import queries
from services.cases.models import Case
from services.cases.rules import deadlines, hearing, reference_data
from shared import deadline_records
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.deadlines import Calendar
from shared.events.cases import CaseClosed, CaseDecided, CaseFiled, CaseNotFiled, CasePublished, CaseReferred
from shared.events.value_objects import InspectedObject, Penalty
from shared.messaging import emit
from shared.vocabulary import PenaltyKind

Body = dict[str, Any]


def referred(case: Case, filing_due_on: date) -> CaseReferred:
    """The clue as the enforcement office receives it."""
    violation = reference_data.known_violation(case.violation_type)
    return CaseReferred(
        case_id=case.id,
        clue_no=case.clue_no,
        finding_id=case.finding_id,
        campaign_id=case.campaign_id,
        respondent=InspectedObject.model_validate(case.respondent),
        certificate_no=case.certificate_no,
        product_name=case.product_name,
        body_name=case.body_name,
        violation_type=case.violation_type or "",
        provision=violation.provision if violation else "",
        office=case.office,
        referred_on=case.received_on,
        filing_due_on=filing_due_on,
    )


_DECISIONS = frozenset(
    {
        "decide_penalty",
        "decide_on_the_spot",
        "decide_no_penalty",
        "decide_not_established",
        "transfer_other",
        "transfer_judicial",
    }
)


async def tell(session: Session, case: Case, event: str, body: Body) -> None:
    """Tell the others of a step that concerns them."""
    day = legal_day(session.now)
    match event:
        case "file":
            due_on = (await queries.running_deadline(session, case.id, "K15")).due_on
            emit(session, _filed(case, day, due_on))
        case "decline_filing":
            emit(session, CaseNotFiled(**_whose(case), ground=body["ground"], decided_on=day))
        case event if event in _DECISIONS:
            emit(session, _decided(case, day, body, await deadline_records.in_force(session)))
        case "publish" | "withdraw_publication":
            emit(session, CasePublished(**_whose(case), published_on=day, withdrawn=event != "publish"))
        case "close":
            emit(session, CaseClosed(**_whose(case), closed_on=day))


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


def _decided(case: Case, day: date, body: Body, calendar: Calendar) -> CaseDecided:
    penalties = tuple(Penalty.model_validate(each) for each in body.get("penalties") or ())
    violation = reference_data.known_violation(case.violation_type)
    public = any(penalty.kind is not PenaltyKind.WARNING for penalty in penalties)
    confiscations = (PenaltyKind.CONFISCATE_GAINS, PenaltyKind.CONFISCATE_GOODS)
    return CaseDecided(
        case_id=case.id,
        finding_id=case.finding_id,
        campaign_id=case.campaign_id,
        outcome=case.state,
        decision_no=body.get("decision_no"),
        decided_on=day,
        penalty_basis=violation.sanction_provision if violation and penalties else "",
        penalties=penalties,
        fine_fen=hearing.total(penalties, PenaltyKind.FINE),
        confiscated_fen=hearing.total(penalties, *confiscations),
        goods_value_fen=case.goods_value_fen,
        publish_due_on=deadlines.due_day("K21", day, calendar) if public else None,
    )
