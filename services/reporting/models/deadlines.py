"""Deadlines that became overdue in any service: they count in the assessment of the city."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from services.reporting.models.base import Table
from shared.database.session import enum_text
from shared.vocabulary import DeadlineState


class OverdueDeadline(Table, table=True):
    """A deadline that was not met in time (逾期期限), and how it was closed: met late or waived."""

    __tablename__ = "overdue_deadline"
    __table_args__ = (Index(None, "campaign_id", "city"),)

    deadline_id: UUID = Field(primary_key=True)
    service: str
    code: str
    subject_kind: str
    subject_no: str
    campaign_id: UUID | None = None
    city: str | None = None
    county: str | None = None
    due_on: date | None = None
    overdue_on: date
    closed_on: date | None = None
    outcome: DeadlineState | None = Field(default=None, sa_type=enum_text(DeadlineState))
