"""The conditions of each step, by the code that the state machines give them. Each reads the situation and says yes or no."""

from collections.abc import Callable
from typing import TypeVar

from services.cases.errors import GuardFailed
from services.cases.rules import competence, deadlines, dossier, hearing, sanction_range, steps, transfer_steps
from services.cases.rules.bodies import Body, Explained, Grounded, Receipted
from services.cases.rules.reference_data import document
from services.cases.rules.situation import Situation
from services.cases.rules.state_machine import Transition
from shared.vocabulary import FindingSeverity, PenaltyKind, RespondentType, ReviewKind, TransferStatus

Guard = Callable[[Situation], bool]
B = TypeVar("B", bound=Body)

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


def check(transition: Transition, situation: Situation) -> None:
    """Refuse the step unless every condition holds.

    Raises:
        GuardFailed: one does not; `guard` names it.
        SanctionOutsideFrame, GoodsValueMissing, NotCompetentToSanction: the penalty is not one the law provides.
    """
    for code in transition.guards:
        if not GUARDS[code](situation):
            names = _names().get(code, (code, code))
            raise GuardFailed(f"{names[0]} / {names[1]}", guard=code, event=transition.event)


def legal_review_mandatory(s: Situation) -> bool:
    """Whether a legal review must precede the decision (PL art 58, O2 art 50)."""
    if s.complex or s.violation is None or s.violation.mandatory_legal_review:
        return True
    return sanction_range.serious(s.violation, s.penalties)


def two_qualified(s: Situation) -> bool:
    """Whether two different persons with different enforcement certificates, valid on the day, are named (PL art 42).

    The platform holds no library of enforcement officers: the head who approves answers for what is stated of them.
    """
    qualified = [person for person in s.named if s.day <= person.certificate_valid_to]
    persons = {person.subject for person in qualified}
    certificates = {person.law_enforcement_no.strip() for person in qualified} - {""}
    return min(len(persons), len(certificates)) >= _LEAST_PERSONS


def _names() -> dict[str, tuple[str, str]]:
    return {item["code"]: (item["name_zh"], item["name_en"]) for item in document("case_states")["guards"]}


def _brings(kind: type[B], value: Callable[[B], object]) -> Guard:
    """Whether the step is of this kind and brings the value."""
    return lambda s: isinstance(s.step, kind) and bool(value(s.step))


def _reason_given(s: Situation) -> bool:
    return isinstance(s.step, Explained | Grounded)


def _penalty_due(s: Situation) -> bool:
    provided = s.violation is not None and bool(s.violation.penalties or s.violation.serious)
    return provided and isinstance(s.step, steps.Filing) and s.step.penalty_due


def _own_jurisdiction(s: Situation) -> bool:
    return competence.reaches(s.org, s.office)


def _within_look_back(s: Situation) -> bool:
    return s.day <= deadlines.due_day(_LOOK_BACK_HARM if _LOOK_BACK_HARM in s.terms else _LOOK_BACK, s.act_on, s.calendar)


def _another_person(s: Situation, subject: str) -> bool:
    """Whether `subject` is none of the persons named; where nobody is named, nobody counts as another person."""
    return bool(s.named) and subject not in {person.subject for person in s.named}


def _decided_by_another(s: Situation) -> bool:
    return _another_person(s, s.subject)


def _approved_by_another(s: Situation) -> bool:
    return not s.handled or _another_person(s, s.subject)


def _reviewed_by_another(s: Situation) -> bool:
    review = s.step if isinstance(s.step, steps.ReviewOpinion) else s.record.review
    return review is not None and _another_person(s, review.reviewer)


def _hearing_in_time(s: Situation) -> bool:
    return isinstance(s.step, steps.HearingNotice) and s.day <= deadlines.due_day(_ANNOUNCE_HEARING, s.step.held_on, s.calendar)


def _review_kind_fits(s: Situation) -> bool:
    return isinstance(s.step, steps.ReviewSubmission) and (s.step.kind is ReviewKind.LEGAL or not legal_review_mandatory(s))


def _legally_reviewed(s: Situation) -> bool:
    submitted = s.record.review_submission
    return (submitted is not None and submitted.kind is ReviewKind.LEGAL) or not legal_review_mandatory(s)


def _within_frame(s: Situation) -> bool:
    """Raise rather than say no, so that the error names the frame."""
    if s.violation is None:
        return False
    given = sanction_range.Circumstances(
        goods_value_fen=s.goods_value_fen,
        org=s.office,
        correction_overdue=s.notice is not None and s.notice.correction_overdue,
        mitigation=s.notice.mitigation if s.notice else None,
        respondent=s.respondent,
    )
    sanction_range.check(s.violation, s.penalties, given)
    return True


def _hearing_due(s: Situation) -> bool:
    return hearing.due(s.penalties, s.respondent)


def _hearing_notified(s: Situation) -> bool:
    notified = s.notice is not None and s.notice.hearing_right_notified
    return notified or (bool(s.penalties) and not _hearing_due(s))


def _not_heavier(s: Situation) -> bool:
    """Whether the party was notified of every penalty in at least this amount (PL arts 44, 45)."""
    notified = {penalty.kind: penalty.amount_fen or 0 for penalty in (s.notice.penalties if s.notice else ())}
    return bool(s.penalties) and all((penalty.amount_fen or 0) <= notified.get(penalty.kind, -1) for penalty in s.penalties)


def _within_term(s: Situation) -> bool:
    codes = _OBJECT_TO_THE_POLICE if s.state in set(TransferStatus) else (_STATE_CASE,)
    return all(last is None or s.day <= last for last in (s.terms.get(code) for code in codes))


def _rights_over(s: Situation) -> bool:
    last = s.terms.get(_STATE_CASE)
    waived = isinstance(s.step, steps.RightsConclusion) and s.step.waived
    return waived or s.state in ("statement", "hearing") or (last is not None and s.day > last)


def _statement_answered(s: Situation) -> bool:
    return s.record.statement is None or (isinstance(s.step, steps.RightsConclusion) and bool(s.step.answer))


def _reviewed_after_hearing(s: Situation) -> bool:
    return s.state != "hearing" or (s.record.hearing_record is not None and s.record.review_after_hearing is not None)


def _discussed(s: Situation) -> bool:
    return not s.complex or (isinstance(s.step, steps.DecisionStep) and bool(s.step.collective_discussion))


def _publishable(s: Situation) -> bool:
    return any(penalty.kind is not PenaltyKind.WARNING for penalty in s.penalties)


def _published_where_due(s: Situation) -> bool:
    return s.state == "published" or (bool(s.penalties) and not _publishable(s))


def _executed(s: Situation) -> bool:
    if s.state != "executing":
        return True
    paid = s.record.payment
    paid_fen, settled = (paid.paid_fen, bool(paid.settlement)) if paid else (0, False)
    return settled or (bool(s.penalties) and paid_fen >= hearing.owed(s.penalties))


def _within_summary_limits(s: Situation) -> bool:
    """A warning, or a fine so small that it may be decided on the spot (O2 art 66)."""
    limits = document("case_states")["on_the_spot"]
    most = limits["person_max_fen" if s.respondent is RespondentType.PERSON else "organisation_max_fen"]
    small = {penalty.kind for penalty in s.penalties} <= {PenaltyKind.WARNING, PenaltyKind.FINE}
    return bool(s.penalties) and small and hearing.total(s.penalties, PenaltyKind.FINE) <= most


def _materials_complete(s: Situation) -> bool:
    needed = {item["code"] for item in document("criminal_states")["materials"] if item["required"]}
    return isinstance(s.step, transfer_steps.Sending) and needed <= set(s.step.materials)


GUARDS: dict[str, Guard] = {
    "approved_by_head": _approved_by_another,
    "assignee_within_reach": lambda s: isinstance(s.step, steps.Assignment) and competence.reaches(s.org, s.step.office),
    "collective_discussion_where_complex": _discussed,
    "criminal_transfer_sent": lambda s: any(state not in _NOT_SENT for state in s.transfers),
    "decider_not_handler": _decided_by_another,
    "decision_number_given": _brings(steps.DecisionStep, lambda step: step.decision_no),
    "dossier_complete": lambda s: not dossier.missing(s.record.taken),
    "educated": _brings(steps.DecisionStep, lambda step: step.educated),
    "evidence_present": _brings(steps.InvestigationEnd, lambda step: step.evidence),
    "execution_complete": _executed,
    "final_report": _brings(steps.InvestigationEnd, lambda step: step.final_report),
    "ground_ended": _reason_given,
    "ground_given": _reason_given,
    "hearing_due": _hearing_due,
    "hearing_notice_in_time": _hearing_in_time,
    "hearing_offered_where_due": _hearing_notified,
    "hearing_right_notified_where_due": _hearing_notified,
    "initial_proof": _brings(steps.Filing, lambda step: step.initial_proof),
    "legal_review_after_hearing": _reviewed_after_hearing,
    "legal_review_where_mandatory": _legally_reviewed,
    "no_crime_suspected": lambda s: all(state in _GIVEN_UP for state in s.transfers),
    "not_heavier_than_notified": _not_heavier,
    "no_penalty_proposed": lambda s: isinstance(s.step, steps.NoPenaltyProposal),
    "not_advice": lambda s: s.severity is not FindingSeverity.ADVICE,
    "opinion_given": _brings(steps.ReviewOpinion, lambda step: step.opinion),
    "own_jurisdiction": _own_jurisdiction,
    "penalty_due": _penalty_due,
    "police_decision": _brings(transfer_steps.PoliceDocument, lambda step: step.document),
    "procuratorate_copied": _brings(transfer_steps.Sending, lambda step: step.procuratorate_copied),
    "publishable": _publishable,
    "receipt": _brings(Receipted, lambda step: step.receipt),
    "receiver_named": lambda s: isinstance(s.step, steps.ExternalTransfer | transfer_steps.Forwarding) and bool(s.step.receiver),
    "report_present": _brings(transfer_steps.Report, lambda step: step.report),
    "review_kind_fits": _review_kind_fits,
    "review_passed": lambda s: s.record.review is not None and s.record.review.passed,
    "reviewer_not_handler": _reviewed_by_another,
    "sanction_within_frame": _within_frame,
    "statement_answered": _statement_answered,
    "term_over_or_rights_exercised": _rights_over,
    "threshold_reached": _brings(transfer_steps.Suspicion, lambda step: step.ground),
    "transfer_not_filed_or_returned": lambda s: bool(s.transfers) and all(state in _GIVEN_UP for state in s.transfers),
    "two_qualified_handlers": two_qualified,
    "two_team_members": two_qualified,
    "unpublished_only_if_warning": _published_where_due,
    "within_look_back": _within_look_back,
    "within_summary_limits": _within_summary_limits,
    "within_term": _within_term,
    "materials_complete": _materials_complete,
}
