"""Whether a finding is valid: against its checklist item, the obligation on the day of the act, and the certificate's history."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.inspection import errors
from services.inspection.rules import reference_data
from services.inspection.rules.reference_data import Checklist, ChecklistItem
from shared.vocabulary import CertificateStatus, FindingSeverity, FocusPoint, Measure, RespondentType

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
    """From when, and to when if it was taken out, a product of the catalogue needs a certificate, by which announcement."""

    mandatory_from: date | None
    valid_to: date | None
    announcement: str

    def in_catalogue(self, day: date) -> bool:
        """Whether the product is still in the catalogue."""
        return self.valid_to is None or day <= self.valid_to


def is_obligated(obligation: Obligation | None, day: date) -> bool:
    """Whether a product needs a certificate when supplied on `day`; the registry decides by the same table."""
    if obligation is None or obligation.mandatory_from is None:
        return False
    return obligation.in_catalogue(day) and obligation.mandatory_from <= day


@dataclass(frozen=True)
class FindingContext:
    """What a claim is validated against: checklist, today, the product's obligation, the status on the day of the act."""

    checklist: Checklist
    today: date
    obligation: Obligation | None
    status: CertificateStatus | None


@dataclass(frozen=True)
class ValidatedFinding:
    """The validated fields of a finding; advice has no violation."""

    item: ChecklistItem
    focus_point: FocusPoint | None
    violation_type: str | None
    rectify_days: int | None


def validate(claim: Claim, context: FindingContext) -> ValidatedFinding:
    """The fields under which a claim is recorded.

    Advice never carries a violation, whatever was stated. A violation must belong to the item, must have been one on the
    day of the act and needs evidence.

    Raises:
        UnknownChecklistCode, FocusPointMismatch, RespondentNotAllowed, ViolationNotAllowed: it does not fit the checklist.
        ActInTheFuture: the act lies after today.
        AdviceOnlyGuides: advice with another measure than guidance, or as a suspected crime.
        NotInCatalogue, NotYetMandatory: the product needed no certificate on the day of the act.
        CertificateWasValid: supply while invalid, although the certificate was valid.
        EvidenceRequired: a violation without evidence.
        RequirementMissing, RectificationTermTooLong: the order to rectify lacks its requirement, or is for too long.
    """
    item = context.checklist.item(claim.checklist_code)
    focus_point = _focus_point(item, claim.focus_point)
    _require_respondent(item, claim.respondent_type)
    if claim.act_on > context.today:
        raise errors.ActInTheFuture(pointer="/act_on")
    if claim.severity is FindingSeverity.ADVICE:
        _require_advice(claim)
        return ValidatedFinding(item, focus_point, None, None)
    _require_violation(item, claim, context)
    return ValidatedFinding(item, focus_point, claim.violation_type, _rectify_days(claim))


def _focus_point(item: ChecklistItem, stated: FocusPoint | None) -> FocusPoint | None:
    if stated not in {None, item.focus_point}:
        raise errors.FocusPointMismatch(pointer="/focus_point")
    return item.focus_point


def _require_respondent(item: ChecklistItem, stated: RespondentType) -> None:
    point = item.focus_point
    allowed = reference_data.respondents_of_focus_points()[point] if point else frozenset({item.respondent_type})
    if stated not in allowed:
        raise errors.RespondentNotAllowed(pointer="/respondent_type", allowed=sorted(allowed))


def _require_advice(claim: Claim) -> None:
    if claim.measures - ADVICE_MEASURES or claim.suspected_crime:
        raise errors.AdviceOnlyGuides(pointer="/measures")


def _require_violation(item: ChecklistItem, claim: Claim, context: FindingContext) -> None:
    if claim.violation_type not in item.violations:
        raise errors.ViolationNotAllowed(pointer="/violation_type", allowed=list(item.violations))
    if item.advice_before_mandatory_date:
        _require_mandatory(claim, context.obligation)
    if claim.violation_type == SUPPLY_WHILE_INVALID and context.status in {None, CertificateStatus.VALID}:
        raise errors.CertificateWasValid(pointer="/act_on", certificate_status=context.status)
    if item.evidence_when_nonconform and not claim.evidence:
        raise errors.EvidenceRequired(pointer="/evidence_ids")


def _require_mandatory(claim: Claim, obligation: Obligation | None) -> None:
    if obligation is None or not obligation.in_catalogue(claim.act_on):
        raise errors.NotInCatalogue(pointer="/product_category_code")
    if not is_obligated(obligation, claim.act_on):
        begins = obligation.mandatory_from.isoformat() if obligation.mandatory_from else None
        raise errors.NotYetMandatory(pointer="/severity", mandatory_from=begins, announcement=obligation.announcement)


def _rectify_days(claim: Claim) -> int | None:
    if Measure.ORDER_RECTIFY not in claim.measures:
        return None
    if not claim.requirement:
        raise errors.RequirementMissing(pointer="/requirement")
    days = claim.rectify_days or reference_data.rectification_days("default_days")
    longest = reference_data.rectification_days("max_days_without_approval")
    if days > longest:
        raise errors.RectificationTermTooLong(pointer="/rectify_days", max_days=longest)
    return days
