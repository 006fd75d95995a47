"""Summaries: figures frozen at one instant, the rows that they count, and the parts of a merged one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.base import Table
from services.reporting.rules.enums import SummaryState
from shared.core.ids import new_id
from shared.database.session import APPEND_ONLY, enum_text, instant


class Summary(Table, table=True):
    """A city's summary, or the province's merged one (`city` is None) (汇总报告)."""

    __tablename__ = "summary"
    __table_args__ = (UniqueConstraint("campaign_id", "round", "city", "attempt", postgresql_nulls_not_distinct=True),)

    summary_id: UUID = Field(default_factory=new_id, primary_key=True)
    campaign_id: UUID
    round: str
    city: str | None = None
    attempt: int
    state: SummaryState = Field(sa_type=enum_text(SummaryState))
    as_of: date
    due_on: date
    problems: str = ""
    recommendations: str = ""
    figures: list[dict[str, Any]] = Field(sa_type=JSONB)
    digest: str
    created_by: str
    created_at: datetime = Field(sa_type=instant())
    submitted_by: str | None = None
    submitted_on: date | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    return_ground: str | None = None


class SummaryRow(Table, table=True):
    """One row that one figure of a summary counts (指标对应的明细)."""

    __tablename__ = "summary_row"
    __table_args__ = (Index(None, "row_id"), {"info": APPEND_ONLY})

    summary_id: UUID = Field(primary_key=True)
    figure: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    row_id: str = Field(primary_key=True)
    kind: str
    label: str
    city: str | None = None
    county: str | None = None
    priority_group: str | None = None
    body: str | None = None
    amount_fen: int | None = Field(default=None, sa_type=BigInteger)


class MergedPart(Table, table=True):
    """A city's accepted summary inside the provincial one."""

    __tablename__ = "merged_part"
    __table_args__ = ({"info": APPEND_ONLY},)

    merged_id: UUID = Field(primary_key=True)
    summary_id: UUID = Field(primary_key=True)
