"""The law as data: tables of this service, read once, each with its version and source."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.cases.errors import UnknownViolation
from shared.core import data_files
from shared.vocabulary import PenaltyKind, RespondentType

Document = Mapping[str, Any]


class Citation(BaseModel):
    """An article of a legal text in one version."""

    model_config = ConfigDict(frozen=True)

    law_id: str
    version: str
    article: str


class Violation(BaseModel):
    """A violation type with the frame of its sanction; amounts in fen, multiples as fractions of the goods value."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    name_zh: str
    name_en: str
    respondent_type: RespondentType
    basis: tuple[Citation, ...]
    sanction_basis: tuple[Citation, ...]
    fine: Document | None
    fine_person: Document | None = None
    fine_only_when_overdue: bool
    penalties: tuple[PenaltyKind, ...]
    confiscate: tuple[str, ...]
    serious: tuple[PenaltyKind, ...]
    authority: str
    route: str
    mandatory_legal_review: bool
    valid_from: date
    valid_to: date | None

    @property
    def provision(self) -> str:
        """The provisions violated, as they are cited."""
        return cite(self.basis)

    @property
    def sanction_provision(self) -> str:
        """The provisions that the sanction rests on."""
        return cite(self.sanction_basis)


def document(name: str) -> Document:
    """A table by its file name."""
    return data_files.load("services.cases", name)


def violation(code: str | None, day: date | None = None) -> Violation:
    """The violation type in force on `day`.

    Raises:
        UnknownViolation: there is no such type, or it was not in force.
    """
    found = _violations().get(code or "")
    if found is None or (day is not None and not _in_force(found, day)):
        raise UnknownViolation(f"{code}", pointer="/violation_type")
    return found


def known_violation(code: str | None) -> Violation | None:
    """The violation type, or None where the code is missing or unknown."""
    return _violations().get(code or "")


def cite(citations: tuple[Citation, ...]) -> str:
    """Citations in the form 《law》第n条, in order."""
    return "；".join(f"《{_titles()[each.law_id]}》第{each.article}条" for each in citations)


def _in_force(found: Violation, day: date) -> bool:
    return found.valid_from <= day and (found.valid_to is None or day <= found.valid_to)


@cache
def _violations() -> dict[str, Violation]:
    return {item["code"]: Violation.model_validate(item) for item in document("violations")["items"]}


@cache
def _titles() -> dict[str, str]:
    return {item["law_id"]: item["name_zh"] for item in document("laws")["items"]}
