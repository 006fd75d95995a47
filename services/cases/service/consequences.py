"""What the law itself does when a term of a case has passed, and nobody has to do anything for it."""

from sqlmodel import col, select

from services.cases.models import Case
from services.cases.service import deadlines, history
from shared import deadline_records
from shared.database.session import Session
from shared.events.deadlines import Alert
from shared.security.auth import SYSTEM
from shared.vocabulary import CaseStatus

_SURCHARGE, _PRESERVATION = "K18", "K09"
_CONSEQUENCES = {
    "K10": "seizure_expired",
    "K13": "rights_given_up",
    "K33": "look_back_over",
    "K33/harm": "look_back_over",
    "K16/public_notice": "taken_as_served",
    "K19": "court_may_be_asked",
    "K23": "publication_ended",
    "K23/short": "publication_ended",
    "K18": "surcharge_capped",
    "K35": "review_barred",
    "K35/suit": "suit_barred",
}
"""What is noted in the history of the case; everything else is reported upward and waits for a person."""


async def follow(session: Session, alert: Alert) -> None:
    """Draw the consequence of one threshold of a case's deadline; consumed twice, it is drawn once."""
    if alert.threshold not in {"overdue", "elapsed"} or alert.subject_kind != "case":
        return
    case = (await session.exec(select(Case).where(col(Case.id) == alert.subject_id).with_for_update())).one_or_none()
    if case is None or case.state is CaseStatus.ARCHIVED:
        return
    match alert.code:
        case "K17":
            await _surcharge(session, case, alert)
        case "K09":
            await deadline_records.waive(session, case.id, [_PRESERVATION], "lapsed by itself")
            _note(session, case, "preservation_lapsed", alert)
        case code if code in _CONSEQUENCES:
            _note(session, case, _CONSEQUENCES[code], alert)


async def _surcharge(session: Session, case: Case, alert: Alert) -> None:
    """Three per cent a day from the day after the last day of payment."""
    if alert.due_on is not None:
        await deadlines.start(session, deadlines.of_case(case), [_SURCHARGE], SYSTEM, {_SURCHARGE: alert.due_on})
    _note(session, case, "surcharge_begun", alert)


def _note(session: Session, case: Case, event: str, alert: Alert) -> None:
    content = {"deadline_id": str(alert.deadline_id), "code": alert.code, "due_on": str(alert.due_on)}
    history.note(session, ("case", case.id), event, (case.state, case.state), SYSTEM, content)
