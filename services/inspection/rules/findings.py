"""What may be held against whom: a finding against its checklist item, the dated obligation and the certificate's history."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.inspection import errors
from services.inspection.rules import law
from services.inspection.rules.law import ChecklistItem
from shared.terms import CertificateStatus, FindingSeverity, FocusPoint, Measure, RespondentType

UNCERTIFIED_SUPPLY: Final = "UNCERTIFIED_SUPPLY"
SUPPLY_WHILE_INVALID: Final = "SUPPLY_WHILE_INVALID"
ADVICE_MEASURES: Final = frozenset({Measure.GUIDANCE})


@dataclass(frozen=True)
class Claim:
    """A finding as the team states it."""

    checklist_code: str
    focus_point: FocusPoint | None
    respondent_type: RespondentType
    violation_type: str | None
    severity: FindingSeverity
    act_on: date
    measures: frozenset[Measure]
    suspected_crime: bool
    requirement: str | None
    rectify_days: int | None
    evidence: int


@dataclass(frozen=True)
class Obligation:
    """From when a product needs a certificate, by which announcement."""

    mandatory_from: date | None
    announcement: str


@dataclass(frozen=True)
class Facts:
    """What else is known: today, the product's obligation, the certificate's status on the day of the act."""

    today: date
    obligation: Obligation
    status: CertificateStatus | None


@dataclass(frozen=True)
class Judged:
    """A finding that may be recorded; advice has no violation."""

    item: ChecklistItem
    focus_point: FocusPoint | None
    violation_type: str | None
    rectify_days: int | None


def judge(claim: Claim, facts: Facts) -> Judged:
    """Decide what of a claim may be recorded.

    Advice never carries a violation, whatever was stated. A violation must belong to the item, must have been one on the
    day of the act and needs evidence.

    Raises:
        DomainError: one of the refusals of `services.inspection.errors` about findings.
    """
    item = law.checklist().item(claim.checklist_code)
    focus_point = _focus_point(item, claim.focus_point)
    _require_respondent(item, claim.respondent_type)
    if claim.act_on > facts.today:
        raise errors.ActInTheFuture(pointer="/act_on")
    if claim.severity is FindingSeverity.ADVICE:
        _require_advice(claim)
        return Judged(item, focus_point, None, None)
    _require_violation(item, claim, facts)
    return Judged(item, focus_point, claim.violation_type, _rectify_days(claim))


def _focus_point(item: ChecklistItem, stated: FocusPoint | None) -> FocusPoint | None:
    if stated not in {None, item.focus_point}:
        raise errors.FocusPointMismatch(pointer="/focus_point")
    return item.focus_point


def _require_respondent(item: ChecklistItem, stated: RespondentType) -> None:
    point = item.focus_point
    allowed = law.respondents_of_focus_points()[point] if point else frozenset({item.respondent_type})
    if stated not in allowed:
        raise errors.RespondentNotAllowed(pointer="/respondent_type", allowed=sorted(allowed))


def _require_advice(claim: Claim) -> None:
    if claim.measures - ADVICE_MEASURES or claim.suspected_crime:
        raise errors.AdviceOnlyGuides(pointer="/measures")


def _require_violation(item: ChecklistItem, claim: Claim, facts: Facts) -> None:
    if claim.violation_type not in item.violations:
        raise errors.ViolationNotAllowed(pointer="/violation_type", allowed=list(item.violations))
    if item.advice_before_mandatory_date:
        _require_mandatory(claim, facts.obligation)
    if claim.violation_type == SUPPLY_WHILE_INVALID and facts.status in {None, CertificateStatus.VALID}:
        raise errors.CertificateWasValid(pointer="/act_on", status=facts.status)
    if item.evidence_when_nonconform and not claim.evidence:
        raise errors.EvidenceRequired(pointer="/evidence_ids")


def _require_mandatory(claim: Claim, obligation: Obligation) -> None:
    begins = obligation.mandatory_from
    if claim.violation_type == UNCERTIFIED_SUPPLY and begins is not None and claim.act_on < begins:
        said = {"mandatory_from": begins.isoformat(), "announcement": obligation.announcement}
        raise errors.NotYetMandatory(pointer="/severity", **said)


def _rectify_days(claim: Claim) -> int | None:
    if Measure.ORDER_RECTIFY not in claim.measures:
        return None
    if not claim.requirement:
        raise errors.RequirementMissing(pointer="/requirement")
    days = claim.rectify_days or law.rectification_days("default_days")
    longest = law.rectification_days("max_days_without_approval")
    if days > longest:
        raise errors.RectificationTermTooLong(pointer="/rectify_days", max_days=longest)
    return days
