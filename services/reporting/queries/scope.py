"""The scope of a query: a campaign, and of the province what lies in the caller's jurisdiction and filter."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting.errors import CampaignNotFound
from services.reporting.models import Campaign
from services.reporting.rules.enums import Round
from services.reporting.rules.rounds import Period, period
from shared.database.prepared import prepared
from shared.security.auth import Caller


@dataclass(frozen=True)
class Scope:
    """The part of a campaign that a list is about."""

    campaign_id: UUID
    by: Caller
    city: str | None = None

    def holds(self, table: Any) -> ColumnElement[bool]:
        """The condition on a table with `campaign_id`, `city` and `county`."""
        of_city = true() if self.city is None else col(table.city) == self.city
        within = self.by.within(col(table.city), col(table.county))
        return and_(col(table.campaign_id) == self.campaign_id, within, of_city)

    @property
    def org(self) -> str:
        """The division whose report this is: the chosen city, else the caller's own."""
        return self.city or self.by.org


def scope_of(campaign_id: UUID, by: Caller, city: str | None) -> Scope:
    """The scope a caller asked for.

    Raises:
        NotFound: the city lies outside the caller's jurisdiction.
    """
    by.require_city(city)
    return Scope(campaign_id, by, city)


@prepared
def campaigns(campaign_id: UUID | None = None) -> Select[Any]:
    """The published campaigns, or one of them."""
    names = ("campaign_id", "code", "document_no", "title", "issuer", "window_from", "window_to")
    days = ("interim_cutoff_on", "final_from", "embargo_until", "participating_cities", "closed_on")
    columns = [col(getattr(Campaign, name)) for name in (*names, *days)]
    of_id = true() if campaign_id is None else col(Campaign.campaign_id) == campaign_id
    return select(*columns).where(col(Campaign.code).is_not(None), of_id)


async def campaign(session: AsyncSession, campaign_id: UUID) -> Campaign:
    """A published campaign.

    Raises:
        CampaignNotFound: it has not been published, or the event has not arrived.
    """
    query = select(Campaign).where(col(Campaign.campaign_id) == campaign_id, col(Campaign.code).is_not(None))
    published = (await session.exec(query)).one_or_none()
    if published is None:
        raise CampaignNotFound
    return published


async def periods(session: AsyncSession, campaign_id: UUID) -> dict[Round, Period]:
    """The rounds of a campaign.

    Raises:
        CampaignNotFound: there is no such campaign.
    """
    published = await campaign(session, campaign_id)
    days: dict[str, date] = {name: getattr(published, name) for name in ("window_from", "window_to", "interim_cutoff_on")}
    return {round_: period(round_, days) for round_ in Round}
