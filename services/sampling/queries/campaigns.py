"""Campaigns as they are read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import col
from sqlmodel import select as rows_of
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.errors import CampaignNotFound
from services.sampling.models import Assignment, Campaign, Draw
from services.sampling.schemas.campaigns import CampaignOut
from shared.database.prepared import prepared
from shared.vocabulary import AssignmentState, CampaignState, DrawState

_OVER = (DrawState.RELEASED, DrawState.ABORTED, DrawState.SUPERSEDED)
_DONE = (AssignmentState.REVIEWED, AssignmentState.CLOSED, AssignmentState.OBJECT_REPLACED)


@prepared
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


async def open_of(session: AsyncSession, campaign_id: UUID) -> tuple[int, int]:
    """How many draws of a campaign go on, and how many of its objects wait for their reviewed inspection."""
    draws = rows_of(func.count()).where(col(Draw.campaign_id) == campaign_id, col(Draw.state).not_in(_OVER))
    waiting = rows_of(func.count()).where(col(Assignment.campaign_id) == campaign_id, col(Assignment.state).not_in(_DONE))
    return (await session.exec(draws)).one(), (await session.exec(waiting)).one()
