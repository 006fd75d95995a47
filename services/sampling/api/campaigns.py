"""Campaigns over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.sampling.api.callers import Official, ProvAdmin
from services.sampling.errors import CampaignCodeTaken, CampaignNotFound, CampaignNotInState, SamePerson
from services.sampling.models import Campaign
from services.sampling.queries import campaigns as queries
from services.sampling.schemas.campaigns import CampaignIn, CampaignOut
from services.sampling.service import campaigns as service
from shared.acts import ActRoute, Reading, Transaction
from shared.pagination import Page, Paging, one, page
from shared.problems import refusals
from shared.terms import CampaignState

router = APIRouter(prefix="/v1/campaigns", route_class=ActRoute, tags=["campaigns 专项检查"])
_MOVES = refusals(CampaignNotFound, CampaignNotInState, SamePerson)


@router.post("", status_code=201, response_model=CampaignOut, responses=refusals(CampaignCodeTaken))
async def create_campaign(wanted: CampaignIn, session: Transaction, by: ProvAdmin) -> Campaign:
    """Plan a campaign (制定专项检查方案); what is left out is as the notice says."""
    return await service.create(session, wanted, by=by)


@router.get("", response_model=Page[CampaignOut], responses=refusals())
async def list_campaigns(session: Reading, _: Official, paging: Paging, state: CampaignState | None = None) -> Response:
    """List campaigns (专项检查列表)."""
    return await page(session, queries.campaigns(state), paging, by=[col(Campaign.id)])


@router.get("/{campaign_id}", response_model=CampaignOut, responses=refusals(CampaignNotFound))
async def read_campaign(campaign_id: UUID, session: Reading, _: Official) -> Response:
    """Read a campaign (专项检查)."""
    return await one(session, queries.campaigns().where(col(Campaign.id) == campaign_id), CampaignNotFound)


@router.post("/{campaign_id}/approval", response_model=CampaignOut, responses=_MOVES)
async def approve_campaign(campaign_id: UUID, session: Transaction, by: ProvAdmin) -> Campaign:
    """Approve the plan (批准方案); never by its maker."""
    return await service.approve(session, campaign_id, by=by)


@router.post("/{campaign_id}/publication", response_model=CampaignOut, responses=_MOVES)
async def publish_campaign(campaign_id: UUID, session: Transaction, by: ProvAdmin) -> Campaign:
    """Publish the campaign (发布): draws may be planned from now on."""
    return await service.publish(session, campaign_id, by=by)


@router.post("/{campaign_id}/closure", response_model=CampaignOut, responses=_MOVES)
async def close_campaign(campaign_id: UUID, session: Transaction, by: ProvAdmin) -> Campaign:
    """Close the campaign (关闭)."""
    return await service.close(session, campaign_id, by=by)
