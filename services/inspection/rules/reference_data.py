"""The forms and tables of law that this service works by, read from its data files."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.inspection.errors import ChecklistNotHeld, UnknownChecklistCode
from shared.core.province import province
from shared.vocabulary import EvidenceKind, FocusPoint, FollowUp, InspectionResult, ObjectKind, RespondentType

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
    """Annex 1 in one version. `items` are asked of the object; `conduct` is what it may do against the inspection itself."""

    title_zh: str
    title_en: str
    version: str
    valid_from: date
    items: tuple[ChecklistItem, ...]
    conduct: tuple[ChecklistItem, ...] = ()

    def item(self, code: str) -> ChecklistItem:
        """The item or kind of conduct with this code, under which something may be found.

        Raises:
            UnknownChecklistCode: there is none.
        """
        return _named(code, (*self.items, *self.conduct))

    def question(self, code: str) -> ChecklistItem:
        """The item with this code, which is answered.

        Raises:
            UnknownChecklistCode: there is none.
        """
        return _named(code, self.items)

    def applicable(self, kind: ObjectKind) -> list[str]:
        """The codes of the items that an object of this kind is asked."""
        return [item.code for item in self.items if kind in item.applies_to]


def _named(code: str, items: Iterable[ChecklistItem]) -> ChecklistItem:
    found = next((item for item in items if item.code == code), None)
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
def checklists(held: Path = DATA) -> dict[str, Checklist]:
    """Annex 1 in every version that is held, oldest first: a later one stands in a file of its own beside checklist.json."""
    found = [Checklist.model_validate_json(path.read_bytes()) for path in held.glob("checklist*.json")]
    return {one.version: one for one in sorted(found, key=lambda one: one.valid_from)}


def checklist(version: str) -> Checklist:
    """Annex 1 in the version of a campaign.

    Raises:
        ChecklistNotHeld: this version is not held.
    """
    if version not in checklists():
        raise ChecklistNotHeld(version, held=list(checklists()))
    return checklists()[version]


def newest_checklist(day: date) -> str:
    """The newest version in force on a day, else the oldest: that of a campaign of which nothing has been told yet."""
    held = list(checklists().values())
    return next((one for one in reversed(held) if one.valid_from <= day), held[0]).version


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


def bureau_name(org: str) -> str:
    """The Chinese name of the bureau with this organisation code; the code itself where no name is held."""
    return str(province().regulator(org).get("name_zh", org))
