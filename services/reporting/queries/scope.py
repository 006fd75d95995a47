"""What a caller asks about: a campaign, and as much of the province as the caller may see and wants to see."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.reporting.errors import CampaignNotFound
from services.reporting.models import Campaign
from services.reporting.rules.enums import Round
from services.reporting.rules.rounds import Period, period
from shared.database.prepared import prepared
from shared.security.auth import Caller


def column(attribute: Any) -> ColumnElement[Any]:
    """An attribute of a table class as a column of a query."""
    return cast("ColumnElement[Any]", col(attribute))


@dataclass(frozen=True)
class Scope:
    """The part of a campaign that a list is about."""

    campaign_id: UUID
    by: Caller
    city: str | None = None

    def holds(self, table: Any) -> ColumnElement[bool]:
        """The condition on a table with `campaign_id`, `city` and `county`."""
        chosen = true() if self.city is None else column(table.city) == self.city
        return and_(
            column(table.campaign_id) == self.campaign_id, self.by.within(column(table.city), column(table.county)), chosen
        )

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
    columns = [column(getattr(Campaign, name)) for name in (*names, *days)]
    chosen = true() if campaign_id is None else column(Campaign.campaign_id) == campaign_id
    return select(*columns).where(column(Campaign.code).is_not(None), chosen)


async def campaign(session: AsyncSession, campaign_id: UUID) -> Campaign:
    """A published campaign.

    Raises:
        CampaignNotFound: it has not been published, or not been heard of.
    """
    query = select(Campaign).where(column(Campaign.campaign_id) == campaign_id, column(Campaign.code).is_not(None))
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise CampaignNotFound
    return found


async def periods(session: AsyncSession, campaign_id: UUID) -> dict[Round, Period]:
    """The rounds of a campaign.

    Raises:
        CampaignNotFound: there is no such campaign.
    """
    found = await campaign(session, campaign_id)
    days: dict[str, date] = {name: getattr(found, name) for name in ("window_from", "window_to", "interim_cutoff_on")}
    return {each: period(each, days) for each in Round}
