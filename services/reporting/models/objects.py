"""Drawn objects with their teams and inspections: one row an assignment, whose events may arrive in any order."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.base import Table
from shared.database.session import enum_text, instant
from shared.vocabulary import FollowUp, InspectionResult, ObjectState, ReplacementReason

Parts = list[dict[str, Any]]


class Assignment(Table, table=True):
    """One drawn object in one campaign (检查任务). `city` is None until an event has named the object.

    `certificate`, `members` and `experts` are the plan; the three that begin with `inspected_` are as of the inspection
    and take precedence over the plan.
    """

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "campaign_id", "city", "county", "uscc"),)

    assignment_id: UUID = Field(primary_key=True)
    campaign_id: UUID
    task_no: str | None = None
    city: str | None = None
    county: str | None = None
    uscc: str | None = None
    object_name: str | None = None
    address: str | None = None
    certificate: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    basis: str | None = None
    draw_id: UUID | None = None
    released_on: date | None = None
    members: Parts | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    experts: Parts | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    notified_at: datetime | None = Field(default=None, sa_type=instant())
    replaced_on: date | None = None
    replaced_for: ReplacementReason | None = Field(default=None, sa_type=enum_text(ReplacementReason))
    replacement_id: UUID | None = None
    inspection_id: UUID | None = None
    inspected_on: date | None = None
    submitted_on: date | None = None
    reviewed_on: date | None = None
    entry_due_on: date | None = None
    result: InspectionResult | None = Field(default=None, sa_type=enum_text(InspectionResult))
    object_state: ObjectState | None = Field(default=None, sa_type=enum_text(ObjectState))
    follow_up: FollowUp | None = Field(default=None, sa_type=enum_text(FollowUp))
    refused_to_sign: bool | None = None
    inspected_certificate: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    inspected_members: Parts | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    inspected_experts: Parts | None = Field(default=None, sa_type=JSONB(none_as_null=True))


class TeamChange(Table, table=True):
    """A member of a team was replaced (检查人员更换)."""

    __tablename__ = "team_change"

    event_id: UUID = Field(primary_key=True)
    assignment_id: UUID
    campaign_id: UUID = Field(index=True)
    leaving: str
    reason: ReplacementReason = Field(sa_type=enum_text(ReplacementReason))
    changed_on: date
