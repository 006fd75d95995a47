"""The forms and tables of law that this service works by, read from its data files."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.inspection.errors import ChecklistVersionUnavailable, UnknownChecklistCode
from shared.core import data_files
from shared.core.data_files import Document
from shared.core.province import province
from shared.vocabulary import EvidenceKind, FocusPoint, FollowUp, InspectionResult, ObjectKind, RespondentType

DATA = Path(__file__).parents[1] / "data"


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Citation(_Item):
    """An article of a law in the version cited."""

    law_id: str
    version: str
    article: str


class ChecklistItem(_Item):
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


class Checklist(_Item):
    """Annex 1 in one version. `items` are asked of the object; `conduct` are acts against the inspection itself."""

    title_zh: str
    title_en: str
    version: str
    valid_from: date
    items: tuple[ChecklistItem, ...]
    conduct: tuple[ChecklistItem, ...] = ()

    def item(self, code: str) -> ChecklistItem:
        """The item or kind of conduct with this code, under which a finding is possible.

        Raises:
            UnknownChecklistCode: there is none.
        """
        return _item_of(code, (*self.items, *self.conduct))

    def question(self, code: str) -> ChecklistItem:
        """The item with this code, which needs an answer.

        Raises:
            UnknownChecklistCode: there is none.
        """
        return _item_of(code, self.items)

    def applicable(self, kind: ObjectKind) -> list[str]:
        """The codes of the items that an object of this kind is asked."""
        return [item.code for item in self.items if kind in item.applies_to]


def _item_of(code: str, items: Iterable[ChecklistItem]) -> ChecklistItem:
    item = next((item for item in items if item.code == code), None)
    if item is None:
        raise UnknownChecklistCode(code)
    return item


class ResultCategory(_Item):
    """One of the eight result categories (检查结果类别)."""

    code: InspectionResult
    name_zh: str
    name_en: str
    issue: bool
    completed_visit: bool
    default_follow_up: FollowUp


class KindOfEvidence(_Item):
    """A kind of evidence and its accepted file types."""

    code: EvidenceKind
    name_zh: str
    file_types: tuple[str, ...]


class EvidenceRules(_Item):
    """The requirements for evidence: types by content, sizes in bytes, required metadata."""

    media_types: dict[str, str]
    max_bytes: dict[str, int]
    required_for_copy: tuple[str, ...]
    required_for_electronic: tuple[str, ...]
    items: tuple[KindOfEvidence, ...]

    def limit(self, kind: EvidenceKind) -> int:
        """The largest size of a file of this kind, in bytes."""
        return self.max_bytes.get(kind, self.max_bytes["default"])

    def types(self, kind: EvidenceKind) -> tuple[str, ...]:
        """The file types accepted for this kind."""
        return next(item.file_types for item in self.items if item.code is kind)


class Law(_Item):
    """A legal text with the name it is cited by; `clause_zh` is the form of a clause's number."""

    law_id: str
    name_zh: str
    clause_zh: str


def document(name: str) -> Document:
    """A data file by its name, such as `results`.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return data_files.load("services.inspection", name)


@lru_cache
def checklists(directory: Path = DATA) -> dict[str, Checklist]:
    """Annex 1 in every available version, oldest first: a later one is a file of its own beside checklist.json."""
    versions = [Checklist.model_validate_json(path.read_bytes()) for path in directory.glob("checklist*.json")]
    return {form.version: form for form in sorted(versions, key=lambda form: form.valid_from)}


def checklist(version: str) -> Checklist:
    """Annex 1 in the version of a campaign.

    Raises:
        ChecklistVersionUnavailable: there is no file of this version.
    """
    if version not in checklists():
        raise ChecklistVersionUnavailable(version, available=list(checklists()))
    return checklists()[version]


def newest_checklist(day: date) -> str:
    """The newest version in force on a day, else the oldest: for a campaign that is not in the replica yet."""
    forms = list(checklists().values())
    return next((form for form in reversed(forms) if form.valid_from <= day), forms[0]).version


@lru_cache
def results() -> dict[InspectionResult, ResultCategory]:
    """The eight result categories by code."""
    rows = (ResultCategory.model_validate(row) for row in document("results")["items"])
    return {row.code: row for row in rows}


@lru_cache
def evidence_rules() -> EvidenceRules:
    """The requirements for evidence (evidence_kinds.json)."""
    return EvidenceRules.model_validate(document("evidence_kinds"))


@lru_cache
def respondents_of_focus_points() -> dict[FocusPoint, frozenset[RespondentType]]:
    """The possible respondents of each focus point."""
    rows = document("focus_points")["items"]
    return {FocusPoint(row["code"]): frozenset(map(RespondentType, row["respondent_types"])) for row in rows}


@lru_cache
def laws() -> dict[str, Law]:
    """The laws that the checklist cites, by id."""
    items: Mapping[str, Mapping[str, object]] = data_files.rows("services.inspection", "law_names", "law_id")
    return {law_id: Law.model_validate(item) for law_id, item in items.items()}


def cited(basis: Iterable[Citation]) -> str:
    """Citations in Chinese, such as 《强制性产品认证管理规定》第2条、第10条."""
    clauses: dict[str, list[str]] = {}
    for citation in basis:
        clauses.setdefault(citation.law_id, []).append(laws()[citation.law_id].clause_zh.format(citation.article))
    return "；".join(f"《{laws()[law].name_zh}》" + "、".join(numbers) for law, numbers in clauses.items())


def rectification_days(key: str) -> int:
    """A term of rectification.json in days: `default_days` or `max_days_without_approval`."""
    return int(next(row["value"] for row in document("rectification")["items"] if row["key"] == key))


def bureau_name(org: str) -> str:
    """The Chinese name of the bureau with this organisation code; the code itself where it has no name."""
    return str(province().regulator(org).get("name_zh", org))
