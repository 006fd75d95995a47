"""Findings, and the orders to rectify them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.inspection.models.base import Table
from shared.core.ids import new_id
from shared.database.session import enum_text, instant
from shared.vocabulary import FindingSeverity, FocusPoint, RectificationState, RespondentType


class Finding(Table, table=True):
    """A finding (问题). Amounts in fen, None where not established; advice has no `violation_type`."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("inspection_id", "no"),)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    no: int
    checklist_code: str
    focus_point: FocusPoint | None = Field(default=None, sa_type=enum_text(FocusPoint))
    respondent_type: RespondentType = Field(sa_type=enum_text(RespondentType))
    respondent_id: str
    respondent_name: str
    violation_type: str | None
    severity: FindingSeverity = Field(sa_type=enum_text(FindingSeverity))
    fact: str
    act_on: date
    legal_basis: str
    certificate_no: str
    product_category_code: str
    model: str | None = None
    certificate_status: str | None = None
    goods_value_fen: int | None = Field(default=None, sa_type=BigInteger)
    sales_amount_fen: int | None = Field(default=None, sa_type=BigInteger)
    measures: list[str] = Field(sa_type=JSONB)
    suspected_crime: bool = False
    evidence_ids: list[str] = Field(sa_type=JSONB)
    requirement: str | None = None
    rectify_days: int | None = None
    cause: str | None = None
    guidance: str | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_type=instant())
    withdrawn_at: datetime | None = Field(default=None, sa_type=instant())
    withdrawal_reason: str | None = None
    confirmed_on: date | None = None


class Rectification(Table, table=True):
    """An order to rectify a finding, from issue to close (责令改正)."""

    __tablename__ = "rectification"
    __table_args__ = (Index(None, "inspection_id"), Index(None, "uscc"), Index(None, "state", "due_on"))
    id: UUID = Field(default_factory=new_id, primary_key=True)
    finding_id: UUID = Field(foreign_key="finding.id", unique=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    campaign_id: UUID
    uscc: str
    requirement: str
    ordered_on: date
    due_on: date
    state: RectificationState = Field(default=RectificationState.ORDERED, sa_type=enum_text(RectificationState))
    report: str | None = None
    reported_on: date | None = None
    recheck_due_on: date | None = None
    recheck_on: date | None = None
    recheck_note: str | None = None
    rechecked_on: date | None = None
    rechecked_by: str | None = None
    closed_on: date | None = None
    failed_on: date | None = None
