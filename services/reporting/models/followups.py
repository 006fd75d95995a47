"""What followed from findings, replicated from cases: cases, transfers, letters, reports upward, copies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.base import Table
from shared.database.session import enum_text
from shared.vocabulary import CaseStatus, StatusEvent, TransferStatus


class Case(Table, table=True):
    """A case from clue to close (案件). Money in fen."""

    __tablename__ = "case_record"
    __table_args__ = (Index(None, "campaign_id", "city"),)

    case_id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(index=True)
    campaign_id: UUID
    city: str | None = None
    county: str | None = None
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
    outcome: CaseStatus | None = Field(default=None, sa_type=enum_text(CaseStatus))
    decision_no: str | None = None
    decided_on: date | None = None
    penalty_basis: str | None = None
    penalties: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    fine_fen: int | None = Field(default=None, sa_type=BigInteger)
    confiscated_fen: int | None = Field(default=None, sa_type=BigInteger)
    goods_value_fen: int | None = Field(default=None, sa_type=BigInteger)
    published_on: date | None = None
    withdrawn_on: date | None = None
    closed_on: date | None = None


class Transfer(Table, table=True):
    """A suspected crime sent to the police (涉嫌犯罪移送)."""

    __tablename__ = "transfer"

    transfer_id: UUID = Field(primary_key=True)
    case_id: UUID
    finding_id: UUID = Field(index=True)
    campaign_id: UUID = Field(index=True)
    sent_on: date | None = None
    answer: TransferStatus | None = Field(default=None, sa_type=enum_text(TransferStatus))
    answered_on: date | None = None
    filed_on: date | None = None


class Letter(Table, table=True):
    """A letter to a certification body (函告认证机构)."""

    __tablename__ = "letter"

    letter_id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(index=True)
    campaign_id: UUID = Field(index=True)
    certificate_no: str | None = None
    body_code: str | None = None
    requested: StatusEvent | None = Field(default=None, sa_type=enum_text(StatusEvent))
    sent_on: date | None = None
    change: StatusEvent | None = Field(default=None, sa_type=enum_text(StatusEvent))
    answered_on: date | None = None


class Matter(Table, table=True):
    """A matter of a body's or a person's qualification on its way up (资质问题上报)."""

    __tablename__ = "matter"

    matter_id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(index=True)
    campaign_id: UUID = Field(index=True)
    city: str | None = None
    body_code: str | None = None
    body_name: str | None = None
    violation_type: str | None = None
    provincial_on: date | None = None
    national_on: date | None = None


class Copy(Table, table=True):
    """A matter copied to another department (抄告)."""

    __tablename__ = "copy_record"

    copy_id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(index=True)
    campaign_id: UUID
    department: str
    copied_on: date
