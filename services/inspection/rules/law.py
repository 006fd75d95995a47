"""The forms and tables of law that this service works by, read from its data files."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.inspection.errors import UnknownChecklistCode
from shared.terms import EvidenceKind, FocusPoint, FollowUp, InspectionResult, ObjectKind, RespondentType

DATA = Path(__file__).parent.parent / "data"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Citation(_Row):
    """An article of a law in the version cited."""

    law_id: str
    version: str
    article: str


class ChecklistItem(_Row):
    """One question of Annex 1 (现场检查表项目)."""

    code: str
    order: int
    focus_point: FocusPoint | None
    respondent_type: RespondentType
    question_zh: str
    question_en: str
    basis: tuple[Citation, ...]
    violations: tuple[str, ...]
    applies_to: tuple[ObjectKind, ...]
    advice_before_mandatory_date: bool
    evidence_when_nonconform: bool


class Checklist(_Row):
    """Annex 1 in one version."""

    title_zh: str
    title_en: str
    version: str
    items: tuple[ChecklistItem, ...]

    def item(self, code: str) -> ChecklistItem:
        """The item with this code.

        Raises:
            UnknownChecklistCode: there is none.
        """
        found = next((item for item in self.items if item.code == code), None)
        if found is None:
            raise UnknownChecklistCode(code)
        return found


class ResultCategory(_Row):
    """One of the eight result categories (检查结果类别)."""

    code: InspectionResult
    name_zh: str
    name_en: str
    issue: bool
    completed_visit: bool
    default_follow_up: FollowUp


class KindOfEvidence(_Row):
    """A kind of evidence and the files it may come in."""

    code: EvidenceKind
    name_zh: str
    file_types: tuple[str, ...]


class EvidenceRules(_Row):
    """What evidence must be: types by content, sizes in bytes, what has to be noted."""

    media_types: dict[str, str]
    max_bytes: dict[str, int]
    required_for_copy: tuple[str, ...]
    required_for_electronic: tuple[str, ...]
    items: tuple[KindOfEvidence, ...]

    def limit(self, kind: EvidenceKind) -> int:
        """The largest size of a file of this kind, in bytes."""
        return self.max_bytes.get(kind, self.max_bytes["default"])

    def types(self, kind: EvidenceKind) -> tuple[str, ...]:
        """The file types in which this kind may come."""
        return next(item.file_types for item in self.items if item.code is kind)


class Law(_Row):
    """A legal text under the name it is cited by; `clause_zh` is the form of a clause's number."""

    law_id: str
    name_zh: str
    clause_zh: str


@lru_cache
def table(name: str) -> dict[str, Any]:
    """One data file as it stands."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return found


@lru_cache
def checklist() -> Checklist:
    """Annex 1 as it holds for inspections that begin now."""
    return Checklist.model_validate(table("checklist"))


@lru_cache
def results() -> dict[InspectionResult, ResultCategory]:
    """The eight result categories by code."""
    rows = (ResultCategory.model_validate(row) for row in table("results")["items"])
    return {row.code: row for row in rows}


@lru_cache
def evidence_rules() -> EvidenceRules:
    """What holds for evidence."""
    return EvidenceRules.model_validate(table("evidence_kinds"))


@lru_cache
def respondents_of_focus_points() -> dict[FocusPoint, frozenset[RespondentType]]:
    """For each focus point, who may answer for it."""
    rows = table("focus_points")["items"]
    return {FocusPoint(row["code"]): frozenset(map(RespondentType, row["respondent_types"])) for row in rows}


@lru_cache
def laws() -> dict[str, Law]:
    """The laws that the checklist cites, by id."""
    return {row["law_id"]: Law.model_validate(row) for row in table("law_names")["items"]}


def cited(basis: Iterable[Citation]) -> str:
    """Citations in Chinese, such as 《强制性产品认证管理规定》第2条、第10条."""
    clauses: dict[str, list[str]] = {}
    for citation in basis:
        clauses.setdefault(citation.law_id, []).append(laws()[citation.law_id].clause_zh.format(citation.article))
    return "；".join(f"《{laws()[law].name_zh}》" + "、".join(found) for law, found in clauses.items())


def rectification_days(key: str) -> int:
    """A term of rectification.json: `default_days` or `max_days_without_approval`."""
    return int(next(row["value"] for row in table("rectification")["items"] if row["key"] == key))


@lru_cache
def bureau_name(org: str) -> str:
    """The Chinese name of the bureau with this organisation code; the code itself where no name is held."""
    return next((row["name_zh"] for row in table("bureaus")["items"] if row["code"] == org), org)
