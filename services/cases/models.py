"""Tables: findings as inspection published them, what follows them, and the append-only history of all of it."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger, Dialect, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from services.cases.rules.record import CaseRecord, TransferRecord
from shared.database.session import APPEND_ONLY, enum_text, instant, metadata
from shared.events.inspection import FindingConfirmed
from shared.events.value_objects import InspectedObject
from shared.vocabulary import CaseStatus, FindingSeverity, RespondentType, StatusEvent, TransferStatus

Document = dict[str, Any]
Value = TypeVar("Value", bound=BaseModel)


class Stored(TypeDecorator[Value]):
    """A value kept as JSON: the one place where it is written and read."""

    impl = JSONB
    cache_ok = True

    def __init__(self, kind: type[Value]) -> None:
        """Keep values of this class."""
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Value | None, _: Dialect) -> Document | None:
        """The value as JSON."""
        return None if value is None else value.model_dump(mode="json")

    def process_result_value(self, value: Document | None, _: Dialect) -> Value | None:
        """The value of stored JSON; what its class does not know is an error."""
        return None if value is None else self.kind.model_validate(value)


class Table(SQLModel, registry=registry(metadata=metadata())):
    """What the tables of this service have in common: a catalogue of their own."""


class Finding(Table, table=True):
    """A confirmed finding as inspection published it, and whether its rectification failed."""

    __tablename__ = "finding"

    id: UUID = Field(primary_key=True)
    campaign_id: UUID
    city: str
    county: str
    event: FindingConfirmed = Field(sa_type=Stored(FindingConfirmed))


class FailedRectification(Table, table=True):
    """A rectification that failed; kept because the finding it is about may become known later."""

    __tablename__ = "failed_rectification"

    id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(index=True)
    failed_on: date
    reason: str


class Case(Table, table=True):
    """A case from clue to archive. `record` holds what each step put down."""

    __tablename__ = "enforcement_case"
    __table_args__ = (
        UniqueConstraint("finding_id"),
        UniqueConstraint("clue_no"),
        UniqueConstraint("case_no"),
        UniqueConstraint("decision_no"),
        Index("ix_enforcement_case_jurisdiction", "city", "county", "id"),
    )

    id: UUID = Field(primary_key=True)
    finding_id: UUID
    campaign_id: UUID = Field(index=True)
    clue_no: str
    case_no: str | None = None
    decision_no: str | None = None
    state: CaseStatus = Field(sa_type=enum_text(CaseStatus))
    city: str
    county: str
    office: str
    respondent: InspectedObject = Field(sa_type=Stored(InspectedObject))
    respondent_type: RespondentType = Field(sa_type=enum_text(RespondentType))
    uscc: str = Field(index=True)
    certificate_no: str
    product_name: str
    body_name: str
    violation_type: str | None = None
    severity: FindingSeverity = Field(sa_type=enum_text(FindingSeverity))
    fact: str
    act_on: date
    goods_value_fen: int | None = Field(default=None, sa_type=BigInteger)
    source: str
    received_on: date
    record: CaseRecord = Field(sa_type=Stored(CaseRecord))


class CriminalTransfer(Table, table=True):
    """A suspected crime beside its case, on its way to the police."""

    __tablename__ = "criminal_transfer"
    __table_args__ = (Index("ix_criminal_transfer_jurisdiction", "city", "county", "id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True, unique=True)
    finding_id: UUID
    campaign_id: UUID
    state: TransferStatus = Field(sa_type=enum_text(TransferStatus))
    city: str
    county: str
    ground: str
    suspected_on: date
    record: TransferRecord = Field(sa_type=Stored(TransferRecord))


class QualificationMatter(Table, table=True):
    """A matter of a body's or a person's qualification on its way to SAMR: open, submitted, returned, reported."""

    __tablename__ = "qualification_matter"
    __table_args__ = (Index("ix_qualification_matter_jurisdiction", "city", "county", "id"),)

    id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(unique=True)
    campaign_id: UUID
    state: str
    city: str
    county: str
    respondent_type: RespondentType = Field(sa_type=enum_text(RespondentType))
    respondent_name: str
    body_code: str
    body_name: str
    violation_type: str
    fact: str
    opinion: str | None = None
    document_no: str | None = None
    submitted_on: date | None = None
    returned_on: date | None = None
    return_ground: str | None = None
    reported_on: date | None = None


class Letter(Table, table=True):
    """A letter to a certification body about a certificate: drafted, sent, answered by the body's own status event."""

    __tablename__ = "letter_to_body"
    __table_args__ = (Index("ix_letter_to_body_jurisdiction", "city", "county", "id"),)

    id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(unique=True)
    campaign_id: UUID
    state: str
    city: str
    county: str
    certificate_no: str = Field(index=True)
    body_code: str
    body_name: str
    fact: str
    requested: StatusEvent | None = Field(default=None, sa_type=enum_text(StatusEvent))
    content: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=instant())
    sent_on: date | None = None
    change: StatusEvent | None = Field(default=None, sa_type=enum_text(StatusEvent))
    answered_on: date | None = None


class MatterCopy(Table, table=True):
    """A matter that is another department's: drafted, sent."""

    __tablename__ = "matter_copy"
    __table_args__ = (Index("ix_matter_copy_jurisdiction", "city", "county", "id"),)

    id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(unique=True)
    campaign_id: UUID
    state: str
    city: str
    county: str
    fact: str
    department: str | None = None
    content: str | None = None
    copied_on: date | None = None


class DutyCrimeClue(Table, table=True):
    """A clue to a duty crime of a civil servant, found in handling a case: drafted, sent, received."""

    __tablename__ = "duty_crime_clue"

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    state: str
    city: str
    county: str
    organisation: str
    post: str
    fact: str
    recipient: str | None = None
    document_no: str | None = None
    sent_on: date | None = None
    receipt: str | None = None
    received_on: date | None = None


class HistoryEntry(Table, table=True):
    """One step in the history of a case, transfer, matter, letter, copy or clue: who, when, from where to where, with what."""

    __tablename__ = "step"
    __table_args__ = (Index("ix_step_subject_id", "subject_id", "id"), {"info": APPEND_ONLY})

    id: UUID = Field(primary_key=True)
    subject_id: UUID
    event: str
    source: str | None
    target: str
    at: datetime = Field(sa_type=instant())
    by_subject: str
    by_role: str
    by_org: str
    content: Document = Field(sa_type=JSONB)


class NumberSeries(Table, table=True):
    """The last number given in a series such as the clues of one bureau in one year."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True)
    last: int
