"""Whether a record is complete, and whether its result fits its findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from services.inspection.errors import AnswerNeedsNote, NotSubmittable, ResultInconsistent
from services.inspection.rules import reference_data
from services.inspection.rules.reference_data import Checklist
from shared.vocabulary import Answer, FindingSeverity, FollowUp, InspectionResult, Measure, ObjectKind, RespondentType

MINIMUM_INSPECTORS: Final = int(reference_data.document("confirmation_sheet")["minimum_inspector_signatures"])
GUIDANCE_ITEM: Final = "C22"
REFUSE_INSPECTION: Final = "REFUSE_INSPECTION"
_GRAVE: Final = frozenset({FindingSeverity.SERIOUS, FindingSeverity.MAJOR})
_CORRECTING: Final = frozenset({Measure.ORDER_RECTIFY, Measure.ON_THE_SPOT_CORRECTION})


@dataclass(frozen=True)
class Violation:
    """The fields of a finding (advice excluded) on which the result depends."""

    checklist_code: str
    violation_type: str | None
    severity: FindingSeverity
    respondent_type: RespondentType
    measures: frozenset[Measure]


@dataclass(frozen=True)
class Record:
    """A record at its submission."""

    checklist: Checklist
    kind: ObjectKind
    answers: Mapping[str, Answer]
    violations: Collection[Violation]
    inspectors_signed: int
    object_answered: bool
    integrity_declared: bool
    guidance: str | None
    note: str | None


def require_answer(checklist: Checklist, code: str, answer: Answer, note: str) -> None:
    """Reject an answer to an unknown item, or "not checked" without a reason.

    Raises:
        UnknownChecklistCode: no item has this code.
        AnswerNeedsNote: the reason is missing.
    """
    checklist.question(code)
    if answer is Answer.NOT_CHECKED and not note.strip():
        raise AnswerNeedsNote(code)


def require_complete(record: Record, result: InspectionResult) -> None:
    """Reject an incomplete record; `missing` of the error names every part.

    Raises:
        NotSubmittable: something is missing.
    """
    completed_visit = reference_data.results()[result].completed_visit
    missing = _missing_always(record) | (_missing_of_visit(record) if completed_visit else _missing_without_visit(record))
    if missing:
        raise NotSubmittable("、".join(missing), missing=missing)


def _missing_always(record: Record) -> dict[str, object]:
    missing: dict[str, object] = {}
    if record.inspectors_signed < MINIMUM_INSPECTORS:
        missing["inspector_signatures"] = MINIMUM_INSPECTORS - record.inspectors_signed
    if not record.integrity_declared:
        missing["integrity"] = True
    if record.answers.get(GUIDANCE_ITEM) is Answer.CONFORM and not record.guidance:
        missing["guidance"] = True
    return missing


def _missing_of_visit(record: Record) -> dict[str, object]:
    missing: dict[str, object] = {}
    if unanswered := [code for code in record.checklist.applicable(record.kind) if code not in record.answers]:
        missing["answers"] = unanswered
    with_finding = {violation.checklist_code for violation in record.violations}
    failing = [code for code, answer in record.answers.items() if answer is Answer.NONCONFORM]
    if without_finding := sorted(set(failing) - with_finding):
        missing["findings"] = without_finding
    if not record.object_answered:
        missing["object_signature"] = True
    return missing


def _missing_without_visit(record: Record) -> dict[str, object]:
    return {} if record.note else {"note": True}


def require_consistent(record: Record, result: InspectionResult) -> None:
    """Reject a result that the findings contradict.

    Raises:
        ResultInconsistent: they contradict it.
    """
    category = reference_data.results()[result]
    if record.violations and not category.issue:
        raise ResultInconsistent("violations were recorded", pointer="/result")
    if result is InspectionResult.REFUSED_SERIOUS and not any(_is_non_cooperation(violation) for violation in record.violations):
        raise ResultInconsistent("the refusal of inspection is not recorded as a serious finding", pointer="/result")
    if result is InspectionResult.NO_ISSUE and Answer.NONCONFORM in record.answers.values():
        raise ResultInconsistent("an item does not conform", pointer="/result")
    if result in {InspectionResult.ISSUE_CORRECTED, InspectionResult.ISSUE_PENDING} and not record.violations:
        raise ResultInconsistent("no violation was recorded", pointer="/result")
    if result is InspectionResult.ISSUE_CORRECTED and not all(_is_corrected(violation) for violation in record.violations):
        raise ResultInconsistent("not every violation was ordered to be corrected", pointer="/result")


def _is_non_cooperation(violation: Violation) -> bool:
    return violation.violation_type == REFUSE_INSPECTION and violation.severity in _GRAVE


def _is_corrected(violation: Violation) -> bool:
    return violation.respondent_type is not RespondentType.OBJECT or bool(violation.measures & _CORRECTING)


def follow_up(result: InspectionResult, stated: FollowUp | None) -> FollowUp:
    """The follow-up (后续处理): as stated, else the default of the result."""
    return stated or reference_data.results()[result].default_follow_up
