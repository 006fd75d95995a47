"""The conditions of each step, by the code that the state machines give them. Each reads the situation and says yes or no."""

from collections.abc import Callable
from datetime import date

from services.cases.errors import GuardFailed
from services.cases.rules import competence, deadlines, dossier, hearing, sanction_range
from services.cases.rules.reference_data import document
from services.cases.rules.situation import Situation
from services.cases.rules.state_machine import Transition
from shared.vocabulary import FindingSeverity, PenaltyKind, RespondentType, TransferStatus

Guard = Callable[[Situation], bool]

_GIVEN_UP = (TransferStatus.REJECTED, TransferStatus.NOT_FILED, TransferStatus.RETURNED_TO_ADMIN)
_NOT_SENT = (
    TransferStatus.SUSPECTED,
    TransferStatus.TEAM_FORMED,
    TransferStatus.REPORT_SUBMITTED,
    TransferStatus.APPROVED,
    TransferStatus.REJECTED,
)
_LOOK_BACK, _LOOK_BACK_HARM, _STATE_CASE, _ANNOUNCE_HEARING = "K33", "K33/harm", "K13", "K14"
_OBJECT_TO_THE_POLICE = ("K29", "K29/procuratorate")
_LEAST_PERSONS = 2


def check(step: Transition, situation: Situation) -> None:
    """Refuse the step unless every condition holds.

    Raises:
        GuardFailed: one does not; `guard` names it.
        SanctionOutsideFrame, GoodsValueMissing, NotCompetentToSanction: the penalty is not one the law provides.
    """
    for code in step.guards:
        if not GUARDS[code](situation):
            names = _names().get(code, (code, code))
            raise GuardFailed(f"{names[0]} / {names[1]}", guard=code, event=step.event)


def legal_review_mandatory(s: Situation) -> bool:
    """Whether a legal review must precede the decision (PL art 58, O2 art 50)."""
    if s.complex or (s.violation is not None and s.violation.mandatory_legal_review):
        return True
    return s.violation is not None and sanction_range.serious(s.violation, s.penalties)


def two_qualified(s: Situation) -> bool:
    """Whether two different persons with different enforcement certificates, valid on the day, are named (PL art 42).

    The platform holds no library of enforcement officers: the head who approves answers for what is stated of them.
    """
    qualified = [each for each in s.named if s.day <= date.fromisoformat(each["certificate_valid_to"])]
    persons = {each["subject"] for each in qualified}
    certificates = {each["law_enforcement_no"].strip() for each in qualified} - {""}
    return min(len(persons), len(certificates)) >= _LEAST_PERSONS


def _names() -> dict[str, tuple[str, str]]:
    return {item["code"]: (item["name_zh"], item["name_en"]) for item in document("case_states")["guards"]}


def _ground(s: Situation) -> bool:
    return bool(s.body.get("ground") or s.body.get("explanation"))


def _given(field: str) -> Guard:
    return lambda s: bool(s.body.get(field))


def _penalty_due(s: Situation) -> bool:
    provided = s.violation is not None and bool(s.violation.penalties or s.violation.serious)
    return provided and bool(s.body.get("penalty_due"))


def _own_jurisdiction(s: Situation) -> bool:
    return competence.reaches(s.org, s.office)


def _within_look_back(s: Situation) -> bool:
    return s.day <= deadlines.due_day(_LOOK_BACK_HARM if _LOOK_BACK_HARM in s.terms else _LOOK_BACK, s.act_on, s.calendar)


def _reviewer_not_handler(s: Situation) -> bool:
    reviewer = s.subject if "opinion" in s.body else s.record.get("review", {}).get("reviewer")
    return reviewer not in {each["subject"] for each in s.named}


def _hearing_in_time(s: Situation) -> bool:
    return s.day <= deadlines.due_day(_ANNOUNCE_HEARING, date.fromisoformat(s.body["held_on"]), s.calendar)


def _review_kind_fits(s: Situation) -> bool:
    return s.body.get("kind") == "legal" or not legal_review_mandatory(s)


def _legally_reviewed(s: Situation) -> bool:
    return s.record.get("submit_review", {}).get("kind") == "legal" or not legal_review_mandatory(s)


def _within_frame(s: Situation) -> bool:
    """Raise rather than say no, so that the refusal names the frame."""
    assert s.violation is not None  # the filing asked for it
    told = s.record.get("serve_notice", {}) | s.body
    given = sanction_range.Circumstances(
        goods_value_fen=s.goods_value_fen,
        org=s.office,
        correction_overdue=bool(told.get("correction_overdue")),
        mitigation=told.get("mitigation"),
        respondent=s.respondent,
    )
    sanction_range.check(s.violation, s.penalties, given)
    return True


def _hearing_due(s: Situation) -> bool:
    return hearing.due(s.penalties, s.respondent)


def _hearing_told(s: Situation) -> bool:
    told = s.record.get("serve_notice", {}).get("hearing_right_told") or s.body.get("hearing_right_told")
    return bool(told) or not _hearing_due(s)


def _not_heavier(s: Situation) -> bool:
    """Whether the party was told of every penalty in at least this amount (PL arts 44, 45)."""
    told = {each["kind"]: each["amount_fen"] or 0 for each in s.record.get("serve_notice", {}).get("penalties", ())}
    return all((each.amount_fen or 0) <= told.get(each.kind, -1) for each in s.penalties)


def _within_term(s: Situation) -> bool:
    codes = _OBJECT_TO_THE_POLICE if s.state in set(TransferStatus) else (_STATE_CASE,)
    return all(last is None or s.day <= last for last in (s.terms.get(code) for code in codes))


def _rights_over(s: Situation) -> bool:
    last = s.terms.get(_STATE_CASE)
    exercised = s.state in ("statement", "hearing") or bool(s.body.get("waived"))
    return exercised or (last is not None and s.day > last)


def _statement_answered(s: Situation) -> bool:
    return "make_statement" not in s.record or bool(s.body.get("answer"))


def _reviewed_after_hearing(s: Situation) -> bool:
    return s.state != "hearing" or {"record_hearing", "review_after_hearing"} <= set(s.record)


def _discussed(s: Situation) -> bool:
    return not s.complex or bool(s.body.get("collective_discussion"))


def _only_warnings(s: Situation) -> bool:
    return all(penalty.kind is PenaltyKind.WARNING for penalty in s.penalties)


def _executed(s: Situation) -> bool:
    if s.state != "executing":
        return True
    paid = s.record.get("pay", {})
    return paid.get("paid_fen", 0) >= hearing.owed(s.penalties) or bool(paid.get("settlement"))


def _within_summary_limits(s: Situation) -> bool:
    """A warning, or a fine so small that it may be decided on the spot (O2 art 66)."""
    limits = document("case_states")["on_the_spot"]
    most = limits["person_max_fen" if s.respondent is RespondentType.PERSON else "organisation_max_fen"]
    small = {penalty.kind for penalty in s.penalties} <= {PenaltyKind.WARNING, PenaltyKind.FINE}
    return bool(s.penalties) and small and hearing.total(s.penalties, PenaltyKind.FINE) <= most


def _materials_complete(s: Situation) -> bool:
    needed = {item["code"] for item in document("criminal_states")["materials"] if item["required"]}
    return needed <= set(s.body.get("materials", ()))


GUARDS: dict[str, Guard] = {
    "approved_by_head": lambda s: not s.handles,
    "assignee_within_reach": lambda s: competence.reaches(s.org, s.body["office"]),
    "collective_discussion_where_complex": _discussed,
    "criminal_transfer_sent": lambda s: any(state not in _NOT_SENT for state in s.transfers),
    "decider_not_handler": lambda s: not s.handles,
    "decision_number_given": _given("decision_no"),
    "dossier_complete": lambda s: not dossier.missing(s.record),
    "educated": _given("educated"),
    "evidence_present": _given("evidence"),
    "execution_complete": _executed,
    "final_report": _given("final_report"),
    "ground_ended": _ground,
    "ground_given": _ground,
    "hearing_due": _hearing_due,
    "hearing_notice_in_time": _hearing_in_time,
    "hearing_offered_where_due": _hearing_told,
    "hearing_right_told_where_due": _hearing_told,
    "initial_proof": _given("initial_proof"),
    "legal_review_after_hearing": _reviewed_after_hearing,
    "legal_review_where_mandatory": _legally_reviewed,
    "no_crime_suspected": lambda s: all(state in _GIVEN_UP for state in s.transfers),
    "not_heavier_than_told": _not_heavier,
    "no_penalty_proposed": lambda s: _ground(s) and not s.body.get("penalties"),
    "not_advice": lambda s: s.severity is not FindingSeverity.ADVICE,
    "opinion_given": _given("opinion"),
    "own_jurisdiction": _own_jurisdiction,
    "penalty_due": _penalty_due,
    "police_decision": _given("document"),
    "procuratorate_copied": _given("procuratorate_copied"),
    "publishable": lambda s: not _only_warnings(s),
    "receipt": _given("receipt"),
    "receiver_named": _given("receiver"),
    "report_present": _given("report"),
    "review_kind_fits": _review_kind_fits,
    "review_passed": lambda s: bool(s.record.get("review", {}).get("passed")),
    "reviewer_not_handler": _reviewer_not_handler,
    "sanction_within_frame": _within_frame,
    "statement_answered": _statement_answered,
    "term_over_or_rights_exercised": _rights_over,
    "threshold_reached": _given("ground"),
    "transfer_not_filed_or_returned": lambda s: bool(s.transfers) and all(each in _GIVEN_UP for each in s.transfers),
    "two_qualified_handlers": two_qualified,
    "two_team_members": two_qualified,
    "unpublished_only_if_warning": lambda s: s.state == "published" or _only_warnings(s),
    "within_look_back": _within_look_back,
    "within_summary_limits": _within_summary_limits,
    "within_term": _within_term,
    "materials_complete": _materials_complete,
}
