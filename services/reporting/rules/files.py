"""An object and its findings with all that followed, and the same as of an earlier day.

A report is as of a day: what happened later is not in it, whenever the report is printed again. Each class lists under
`DATED` which fields came with which day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from shared.vocabulary import (
    CaseStatus,
    FindingSeverity,
    FocusPoint,
    InspectionResult,
    ReplacementReason,
    RespondentType,
    StatusEvent,
    TransferStatus,
)

Days = Mapping[str, tuple[str, ...]]


class _Dated(Protocol):
    DATED: ClassVar[Days]
    __dataclass_fields__: ClassVar[dict[str, Any]]


File = TypeVar("File", bound=_Dated)


def as_of(day: date, file: File) -> File:
    """The file without what happened after `day`."""
    later = [name for name in file.DATED if (dated := getattr(file, name)) is not None and dated > day]
    hidden = {name for dated in later for name in (dated, *file.DATED[dated])}
    empty = {field.name: field.default for field in fields(file) if field.name in hidden}
    return replace(file, **empty) if empty else file


def all_as_of(day: date, files: tuple[File, ...], began: str) -> tuple[File, ...]:
    """The files that had begun by `day`, without what happened later."""
    return tuple(current for file in files if getattr(current := as_of(day, file), began) is not None)


@dataclass(frozen=True, slots=True)
class RectificationFile:
    """An order to correct."""

    DATED: ClassVar[Days] = {
        "ordered_on": ("due_on",),
        "reported_on": (),
        "rechecked_on": (),
        "closed_on": (),
        "failed_on": ("failure",),
    }
    rectification_id: UUID
    finding_id: UUID
    ordered_on: date | None = None
    due_on: date | None = None
    reported_on: date | None = None
    rechecked_on: date | None = None
    closed_on: date | None = None
    failed_on: date | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case. Money in fen."""

    DATED: ClassVar[Days] = {
        "filing_decided_on": ("case_no", "not_filed_for"),
        "decided_on": ("outcome", "decision_no", "penalty_basis", "penalties", "fine_fen", "confiscated_fen"),
        "published_on": (),
        "withdrawn_on": (),
        "closed_on": (),
        "referred_on": (),
    }
    case_id: UUID
    finding_id: UUID
    clue_no: str | None = None
    uscc: str | None = None
    party_name: str | None = None
    certificate_no: str | None = None
    product_name: str | None = None
    body_name: str | None = None
    violation_type: str | None = None
    provision: str | None = None
    office: str | None = None
    referred_on: date | None = None
    filing_due_on: date | None = None
    filing_decided_on: date | None = None
    case_no: str | None = None
    not_filed_for: str | None = None
    outcome: CaseStatus | None = None
    decision_no: str | None = None
    decided_on: date | None = None
    penalty_basis: str | None = None
    penalties: list[dict[str, Any]] | None = None
    fine_fen: int | None = None
    confiscated_fen: int | None = None
    goods_value_fen: int | None = None
    published_on: date | None = None
    withdrawn_on: date | None = None
    closed_on: date | None = None

    @property
    def filed(self) -> bool:
        """Whether it was filed (立案), not merely looked at."""
        return self.filing_decided_on is not None and self.case_no is not None


@dataclass(frozen=True, slots=True)
class TransferFile:
    """A suspected crime with the police."""

    DATED: ClassVar[Days] = {"sent_on": (), "answered_on": ("answer",), "filed_on": ()}
    transfer_id: UUID
    finding_id: UUID
    case_id: UUID
    sent_on: date | None = None
    answer: TransferStatus | None = None
    answered_on: date | None = None
    filed_on: date | None = None


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A letter to a certification body."""

    DATED: ClassVar[Days] = {"sent_on": (), "answered_on": ("change",)}
    letter_id: UUID
    finding_id: UUID
    body_code: str | None = None
    sent_on: date | None = None
    change: StatusEvent | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class MatterFile:
    """A matter of qualification on its way up."""

    DATED: ClassVar[Days] = {"provincial_on": (), "national_on": ()}
    matter_id: UUID
    finding_id: UUID
    body_name: str | None = None
    provincial_on: date | None = None
    national_on: date | None = None


@dataclass(frozen=True, slots=True)
class CopyFile:
    """A matter copied to another department."""

    DATED: ClassVar[Days] = {"copied_on": ("department",)}
    copy_id: UUID
    finding_id: UUID
    department: str | None = None
    copied_on: date | None = None


@dataclass(frozen=True, slots=True)
class FindingFile:
    """A finding with all that followed."""

    finding_id: UUID
    assignment_id: UUID
    city: str
    county: str
    uscc: str
    object_name: str
    certificate: dict[str, Any]
    focus_point: FocusPoint | None
    respondent_type: RespondentType
    respondent_name: str
    violation_type: str | None
    severity: FindingSeverity
    fact: str
    measures: list[str]
    confirmed_on: date
    rectifications: tuple[RectificationFile, ...] = ()
    cases: tuple[CaseFile, ...] = ()
    transfers: tuple[TransferFile, ...] = ()
    letters: tuple[LetterFile, ...] = ()
    matters: tuple[MatterFile, ...] = ()
    copies: tuple[CopyFile, ...] = ()

    def as_of(self, day: date) -> "FindingFile":
        """The finding as of a day."""
        return replace(
            self,
            rectifications=all_as_of(day, self.rectifications, "ordered_on"),
            cases=all_as_of(day, self.cases, "referred_on"),
            transfers=all_as_of(day, self.transfers, "sent_on"),
            letters=all_as_of(day, self.letters, "sent_on"),
            matters=tuple(as_of(day, matter) for matter in self.matters),
            copies=all_as_of(day, self.copies, "copied_on"),
        )


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """A drawn object with its inspection and its findings."""

    DATED: ClassVar[Days] = {
        "released_on": (),
        "replaced_on": ("replaced_for",),
        "reviewed_on": (
            "inspection_id",
            "inspected_on",
            "submitted_on",
            "entry_due_on",
            "result",
            "refused_to_sign",
            "inspected_certificate",
            "inspected_members",
            "inspected_experts",
        ),
    }
    assignment_id: UUID
    city: str
    county: str
    uscc: str
    object_name: str
    address: str
    task_no: str | None = None
    certificate: dict[str, Any] | None = None
    released_on: date | None = None
    replaced_on: date | None = None
    replaced_for: ReplacementReason | None = None
    inspection_id: UUID | None = None
    inspected_on: date | None = None
    submitted_on: date | None = None
    reviewed_on: date | None = None
    entry_due_on: date | None = None
    result: InspectionResult | None = None
    refused_to_sign: bool | None = None
    inspected_certificate: dict[str, Any] | None = None
    inspected_members: list[dict[str, Any]] | None = None
    inspected_experts: list[dict[str, Any]] | None = None
    findings: tuple[FindingFile, ...] = ()

    @property
    def product(self) -> Mapping[str, Any]:
        """The certificate as of the inspection, else as of the draw."""
        return self.inspected_certificate or self.certificate or {}

    def as_of(self, day: date) -> "ObjectFile":
        """The object as of a day."""
        findings = tuple(finding.as_of(day) for finding in self.findings if finding.confirmed_on <= day)
        return replace(as_of(day, self), findings=findings)


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """A member of a team was replaced."""

    event_id: UUID
    city: str
    county: str
    leaving: str
    reason: ReplacementReason
    changed_on: date
