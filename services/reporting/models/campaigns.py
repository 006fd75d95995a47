"""Campaigns and their draws, replicated from sampling."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.reporting.models.base import Table
from shared.database.session import enum_text
from shared.vocabulary import DrawKind


class Campaign(Table, table=True):
    """A published campaign (专项检查). `code` is None until the event of its publication has arrived."""

    __tablename__ = "campaign"

    campaign_id: UUID = Field(primary_key=True)
    code: str | None = None
    document_no: str | None = None
    title: str | None = None
    issuer: str | None = None
    window_from: date | None = None
    window_to: date | None = None
    interim_cutoff_on: date | None = None
    final_from: date | None = None
    embargo_until: date | None = None
    participating_cities: list[str] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    plan: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    closed_on: date | None = None


class Draw(Table, table=True):
    """A draw with the part of it that is public (抽取): never its list."""

    __tablename__ = "draw"

    draw_id: UUID = Field(primary_key=True)
    campaign_id: UUID = Field(index=True)
    kind: DrawKind = Field(sa_type=enum_text(DrawKind))
    city: str | None = None
    attempt: int
    commitment_digest: str | None = None
    sealed_on: date | None = None
    executed_on: date | None = None
    frame_size: int | None = None
    selected: int | None = None
    reserves: int | None = None
    transcript_digest: str | None = None
    aborted_for: str | None = None
