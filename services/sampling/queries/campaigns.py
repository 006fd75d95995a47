"""Campaigns as they are read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.errors import CampaignNotFound
from services.sampling.models import Campaign
from services.sampling.schemas.campaigns import CampaignOut
from shared.terms import CampaignState


def campaigns(state: CampaignState | None = None) -> Select[Any]:
    """The rows of the list."""
    rows = select(*(getattr(Campaign, name) for name in CampaignOut.model_fields))
    return rows if state is None else rows.where(col(Campaign.state) == state)


async def campaign(session: AsyncSession, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """One campaign; `lock` holds its row until the transaction ends.

    Raises:
        CampaignNotFound: there is none.
    """
    found = await session.get(Campaign, campaign_id, with_for_update=lock)
    if found is None:
        raise CampaignNotFound
    return found
