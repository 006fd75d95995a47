"""The ledger of findings (问题处理跟踪台账): the finding, its rectification, and the history nobody can rewrite."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.base import Table
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import FindingSeverity, FocusPoint, RespondentType


class Finding(Table, table=True):
    """A confirmed finding (问题): one row of the ledger."""

    __tablename__ = "finding"
    __table_args__ = (Index(None, "campaign_id", "city", "uscc", "finding_id"),)

    finding_id: UUID = Field(primary_key=True)
    campaign_id: UUID
    assignment_id: UUID = Field(index=True)
    inspection_id: UUID
    city: str
    county: str
    uscc: str
    object_name: str
    certificate: dict[str, Any] = Field(sa_type=JSONB)
    focus_point: FocusPoint | None = Field(default=None, sa_type=enum_text(FocusPoint))
    respondent_type: RespondentType = Field(sa_type=enum_text(RespondentType))
    respondent_id: str
    respondent_name: str
    violation_type: str | None = None
    severity: FindingSeverity = Field(sa_type=enum_text(FindingSeverity))
    fact: str
    measures: list[str] = Field(sa_type=JSONB)
    suspected_crime: bool
    confirmed_on: date


class Rectification(Table, table=True):
    """An order to rectify and its outcome (责令整改)."""

    __tablename__ = "rectification"

    rectification_id: UUID = Field(primary_key=True)
    finding_id: UUID = Field(index=True)
    campaign_id: UUID = Field(index=True)
    requirement: str | None = None
    ordered_on: date | None = None
    due_on: date | None = None
    reported_on: date | None = None
    rechecked_on: date | None = None
    closed_on: date | None = None
    failed_on: date | None = None
    failure: str | None = None


class LedgerEntry(Table, table=True):
    """An event about a finding, exactly as it was published; entries are only added (台账履历)."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index(None, "finding_id"), {"info": APPEND_ONLY})

    place: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    event_id: UUID = Field(unique=True)
    finding_id: UUID
    campaign_id: UUID
    kind: str
    at: datetime = Field(sa_type=instant())
    content: dict[str, Any] = Field(sa_type=JSONB)
