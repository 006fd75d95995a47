"""Where a confirmed finding goes: case clue, qualification report, letter to the body, criminal transfer, copy (线索处置)."""

from dataclasses import dataclass
from enum import StrEnum

from services.cases.rules.reference_data import document, known_violation
from shared.vocabulary import FindingSeverity, Measure, RespondentType


class Route(StrEnum):
    """The ways a finding may go; the codes of the routing table."""

    ENFORCEMENT = "enforcement"  # 移交执法稽查
    QUALIFICATION = "qualification"  # 资质问题上报
    LETTER = "letter"  # 函告认证机构
    CRIMINAL = "criminal"  # 移送公安
    COPY = "copy"  # 抄告


@dataclass(frozen=True)
class Matter:
    """What of a finding decides its way. Amounts in fen; None = not established."""

    respondent: RespondentType
    severity: FindingSeverity
    violation_type: str | None
    measures: tuple[Measure, ...]
    suspected_crime: bool = False
    goods_value_fen: int | None = None
    sales_amount_fen: int | None = None


_GRAVE = (FindingSeverity.SERIOUS, FindingSeverity.MAJOR)


def routes(matter: Matter) -> frozenset[Route]:
    """Every way that the finding goes; none for advice, which is guidance and never a violation."""
    if matter.severity is FindingSeverity.ADVICE:
        return frozenset()
    found = {Route.COPY} if Measure.COPY_DEPARTMENT in matter.measures else set()
    if Measure.LETTER_TO_BODY in matter.measures or _action(matter) == "letter_to_body":
        found.add(Route.LETTER)
    if crime(matter) is not None:
        found |= {Route.CRIMINAL, Route.ENFORCEMENT}
    return frozenset(found | _by_respondent(matter))


def crime(matter: Matter) -> str | None:
    """Why a crime is suspected: the threshold reached, or `reported` where the review says so; None where it is not."""
    for item in document("criminal_thresholds")["items"]:
        amount = _measured(item["measure"], matter)
        reached = amount is not None and item["threshold_fen"] is not None and amount >= item["threshold_fen"]
        if reached and matter.violation_type in item["applies_to"]:
            return str(item["code"])
    return "reported" if matter.suspected_crime else None


def _by_respondent(matter: Matter) -> set[Route]:
    action = _action(matter)
    if action == "none":
        return set()
    if matter.respondent in _qualification_respondents() and action != "case_clue":
        return {Route.QUALIFICATION}
    clue = Measure.CASE_CLUE in matter.measures or matter.severity in _GRAVE
    return {Route.ENFORCEMENT} if clue and action in (None, "case_clue") else set()


def _action(matter: Matter) -> str | None:
    """The route that the violation type names; None where no type was stated."""
    found = known_violation(matter.violation_type)
    return found.route if found else None


def _qualification_respondents() -> list[str]:
    items = document("routing")["items"]
    return next(item["respondent_types"] for item in items if item["code"] == Route.QUALIFICATION)


def _measured(measure: str, matter: Matter) -> int | None:
    if measure == "sales_amount":
        return matter.sales_amount_fen
    if measure == "unsold_goods_value" and matter.goods_value_fen is not None:
        return matter.goods_value_fen - (matter.sales_amount_fen or 0)
    return None
