"""When a record is complete, and which result it may state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from services.inspection.errors import AnswerNeedsNote, NotSubmittable, ResultInconsistent
from services.inspection.rules import reference_data
from services.inspection.rules.reference_data import Checklist
from shared.vocabulary import Answer, FindingSeverity, FollowUp, InspectionResult, Measure, ObjectKind, RespondentType

MINIMUM_INSPECTORS: Final = int(reference_data.table("confirmation_sheet")["minimum_inspector_signatures"])
GUIDANCE_ITEM: Final = "C22"
REFUSE_INSPECTION: Final = "REFUSE_INSPECTION"
_GRAVE: Final = frozenset({FindingSeverity.SERIOUS, FindingSeverity.MAJOR})
_CORRECTING: Final = frozenset({Measure.ORDER_RECTIFY, Measure.ON_THE_SPOT_CORRECTION})


@dataclass(frozen=True)
class Violation:
    """What the result depends on in a finding that is more than advice."""

    checklist_code: str
    violation_type: str | None
    severity: FindingSeverity
    respondent_type: RespondentType
    measures: frozenset[Measure]


@dataclass(frozen=True)
class Record:
    """The state of a record at the moment of its submission."""

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
    """Refuse an answer to no item, or "not checked" without a reason.

    Raises:
        UnknownChecklistCode: no item has this code.
        AnswerNeedsNote: the reason is missing.
    """
    checklist.question(code)
    if answer is Answer.NOT_CHECKED and not note.strip():
        raise AnswerNeedsNote(code)


def require_complete(record: Record, result: InspectionResult) -> None:
    """Refuse an incomplete record; `missing` of the refusal names every part.

    Raises:
        NotSubmittable: something is missing.
    """
    missing = _always(record) | (
        _of_a_visit(record) if reference_data.results()[result].completed_visit else _without_visit(record)
    )
    if missing:
        raise NotSubmittable("、".join(missing), missing=missing)


def _always(record: Record) -> dict[str, object]:
    missing: dict[str, object] = {}
    if record.inspectors_signed < MINIMUM_INSPECTORS:
        missing["inspector_signatures"] = MINIMUM_INSPECTORS - record.inspectors_signed
    if not record.integrity_declared:
        missing["integrity"] = True
    if record.answers.get(GUIDANCE_ITEM) is Answer.CONFORM and not record.guidance:
        missing["guidance"] = True
    return missing


def _of_a_visit(record: Record) -> dict[str, object]:
    missing: dict[str, object] = {}
    if unanswered := [code for code in record.checklist.applicable(record.kind) if code not in record.answers]:
        missing["answers"] = unanswered
    found = {violation.checklist_code for violation in record.violations}
    failing = [code for code, answer in record.answers.items() if answer is Answer.NONCONFORM]
    if without := sorted(set(failing) - found):
        missing["findings"] = without
    if not record.object_answered:
        missing["object_signature"] = True
    return missing


def _without_visit(record: Record) -> dict[str, object]:
    return {} if record.note else {"note": True}


def require_consistent(record: Record, result: InspectionResult) -> None:
    """Refuse a result that the findings contradict.

    Raises:
        ResultInconsistent: it does not fit.
    """
    category = reference_data.results()[result]
    if record.violations and not category.issue:
        raise ResultInconsistent("violations were recorded", pointer="/result")
    if result is InspectionResult.REFUSED_SERIOUS and not any(_refused(one) for one in record.violations):
        raise ResultInconsistent("the refusal is not recorded as a serious finding", pointer="/result")
    if result is InspectionResult.NO_ISSUE and Answer.NONCONFORM in record.answers.values():
        raise ResultInconsistent("an item does not conform", pointer="/result")
    if result in {InspectionResult.ISSUE_CORRECTED, InspectionResult.ISSUE_PENDING} and not record.violations:
        raise ResultInconsistent("no violation was recorded", pointer="/result")
    if result is InspectionResult.ISSUE_CORRECTED and not all(_corrected(one) for one in record.violations):
        raise ResultInconsistent("not every violation was ordered to be corrected", pointer="/result")


def _refused(violation: Violation) -> bool:
    return violation.violation_type == REFUSE_INSPECTION and violation.severity in _GRAVE


def _corrected(violation: Violation) -> bool:
    return violation.respondent_type is not RespondentType.OBJECT or bool(violation.measures & _CORRECTING)


def follow_up(result: InspectionResult, stated: FollowUp | None) -> FollowUp:
    """What follows: as stated, else as is usual for the result."""
    return stated or reference_data.results()[result].default_follow_up
