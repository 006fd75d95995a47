"""An inspection with its notices, signatures and reviews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.inspection.models.base import Table
from services.inspection.rules.states import InspectionState
from shared.core.ids import new_id
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import FollowUp, InspectionResult, ObjectState


class Inspection(Table, table=True):
    """The inspection of one assignment (检查任务). `object`, `certificate` and `members` are parts of the event TeamAssigned."""

    __tablename__ = "inspection"
    __table_args__ = (
        Index(None, "city", "id"),
        Index(None, "county", "id"),
        Index(None, "uscc"),
        Index(None, "certificate_no"),
        Index(None, "campaign_id"),
        Index("ix_inspection_members", "members", postgresql_using="gin", postgresql_ops={"members": "jsonb_path_ops"}),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    assignment_id: UUID = Field(unique=True)
    campaign_id: UUID
    task_no: str
    uscc: str
    city: str
    county: str
    certificate_no: str
    object: dict[str, Any] = Field(sa_type=JSONB)
    certificate: dict[str, Any] = Field(sa_type=JSONB)
    members: list[dict[str, Any]] = Field(sa_type=JSONB)
    checklist_version: str
    state: InspectionState = Field(default=InspectionState.ASSIGNED, sa_type=enum_text(InspectionState))
    created_at: datetime = Field(sa_type=instant())
    inspection_on: date | None = None
    started_at: datetime | None = Field(default=None, sa_type=instant())
    ended_at: datetime | None = Field(default=None, sa_type=instant())
    answers: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSONB)
    record: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    result: InspectionResult | None = Field(default=None, sa_type=enum_text(InspectionResult))
    methods: list[str] = Field(default_factory=list, sa_type=JSONB)
    object_state: ObjectState | None = Field(default=None, sa_type=enum_text(ObjectState))
    follow_up: FollowUp | None = Field(default=None, sa_type=enum_text(FollowUp))
    note: str | None = None
    refused_to_sign: bool = False
    submitted_on: date | None = None
    reviewed_on: date | None = None
    entry_due_on: date | None = None
    version: int = 1


class Notice(Table, table=True):
    """A notice to the object: content, channel, recipient and time (检查通知)."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "inspection_id"), Index(None, "uscc", "id"), {"info": APPEND_ONLY})
    id: UUID = Field(default_factory=new_id, primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    uscc: str
    inspection_on: date
    channel: str
    recipient: str
    content: dict[str, Any] = Field(sa_type=JSONB)
    content_hash: str
    notified_at: datetime = Field(sa_type=instant())
    notified_by: str


class Signature(Table, table=True):
    """One party's signature under Annex 2, or the note of its refusal to sign, valid for the content of that `content_hash`."""

    __tablename__ = "signature"
    __table_args__ = (Index(None, "inspection_id"), {"info": APPEND_ONLY})
    id: UUID = Field(default_factory=new_id, primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    party: str
    signatory: str
    name: str
    position: str | None = None
    opinion: str | None = None
    statement: str | None = None
    reason: str | None = None
    recording: str | None = None
    witness: str | None = None
    content_hash: str
    signed_at: datetime = Field(sa_type=instant())
    taken_by: str


class Review(Table, table=True):
    """One decision of a reviewer on a submitted record (审核意见)."""

    __tablename__ = "review"
    __table_args__ = (Index(None, "inspection_id"), {"info": APPEND_ONLY})
    id: UUID = Field(default_factory=new_id, primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    decision: str
    opinion: str
    reviewed_by: str
    reviewed_at: datetime = Field(sa_type=instant())
