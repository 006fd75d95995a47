"""Campaigns (专项检查)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.sampling.models.base import Table
from shared.core.ids import new_id
from shared.database.session import enum_text, instant
from shared.vocabulary import CampaignState


class Campaign(Table, table=True):
    """A supervision campaign and the parameters of its draws, as the notice sets them."""

    __tablename__ = "campaign"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True)
    document_no: str
    title: str
    issuer: str
    window_from: date
    window_to: date
    interim_cutoff_on: date
    final_from: date
    embargo_until: date
    checklist_version: str
    participating_cities: list[str] = Field(sa_type=JSONB)
    plan: dict[str, Any] = Field(sa_type=JSONB)
    team_size: int
    state: CampaignState = Field(default=CampaignState.DRAFT, sa_type=enum_text(CampaignState))
    created_by: str
    created_at: datetime = Field(sa_type=instant())
    approved_by: str | None = None
    published_at: datetime | None = Field(default=None, sa_type=instant())
    closed_at: datetime | None = Field(default=None, sa_type=instant())
    changed_by: str | None = None
    withdrawal_ground: str | None = None
    version: int = 1
