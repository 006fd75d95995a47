"""Disclosures: what is made public, reviewed for secrecy and approved by another person."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.base import Table
from shared.core.ids import new_id
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import DisclosureStatus


class Disclosure(Table, table=True):
    """A publication from draft to withdrawal (公示). `city` is None for the whole province.

    `corrects` is the publication that this edition corrects; `case_id` is that of a penalty's decision.
    """

    __tablename__ = "disclosure"
    __table_args__ = (Index(None, "campaign_id"), Index(None, "state"), Index(None, "case_id"), Index(None, "corrects"))

    disclosure_id: UUID = Field(default_factory=new_id, primary_key=True)
    campaign_id: UUID
    kind: str
    round: str | None = None
    city: str | None = None
    state: DisclosureStatus = Field(sa_type=enum_text(DisclosureStatus))
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    digest: str
    edition: int = 1
    drafted_by: str
    drafted_at: datetime = Field(sa_type=instant())
    reviewed_by: str | None = None
    approved_by: str | None = None
    published_at: datetime | None = Field(default=None, sa_type=instant())
    expires_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal_ground: str | None = None
    case_id: UUID | None = None
    corrects: UUID | None = None
    correction_ground: str | None = None


class DisclosureVersion(Table, table=True):
    """What was public under a digest, kept after corrections and withdrawal (公示版本)."""

    __tablename__ = "disclosure_version"
    __table_args__ = ({"info": APPEND_ONLY},)

    disclosure_id: UUID = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    digest: str
    ground: str | None = None
    published_at: datetime = Field(sa_type=instant())
