"""Campaigns over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlmodel import col

from services.sampling.api.callers import Official, ProvAdmin
from services.sampling.errors import (
    CampaignCodeTaken,
    CampaignNotDone,
    CampaignNotFound,
    CampaignNotInState,
    SamePerson,
)
from services.sampling.models import Campaign
from services.sampling.queries import campaigns as queries
from services.sampling.rules import reference_data
from services.sampling.schemas.base import GroundIn
from services.sampling.schemas.campaigns import CampaignIn, CampaignOut, CampaignPlan
from services.sampling.service import campaigns as service
from shared.core.clock import legal_day
from shared.core.errors import StaleVersion, VersionRequired
from shared.core.province import province
from shared.vocabulary import CampaignState
from shared.web.dependencies import Now, Reading, Transaction
from shared.web.etag import Version, etag
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/campaigns", route_class=ServiceRoute, tags=["campaigns 专项检查"])


def _planned(body: CampaignIn, now: Now) -> CampaignPlan:
    """What the body leaves out is as the notice in force says.

    Raises:
        RequestValidationError: the parameters do not agree with each other.
    """
    try:
        return CampaignPlan.completed(body, reference_data.ruleset(province().code, legal_day(now)))
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error


Planned = Annotated[CampaignPlan, Depends(_planned)]
_MOVES = problem_responses(CampaignNotFound, CampaignNotInState, SamePerson)


@router.post("", status_code=201, response_model=CampaignOut, responses=problem_responses(CampaignCodeTaken))
async def create_campaign(body: Planned, session: Transaction, by: ProvAdmin) -> Campaign:
    """Plan a campaign (制定专项检查方案); what is left out is as the notice says."""
    return await service.create(session, body, by=by)


@router.get("", response_model=Page[CampaignOut], responses=problem_responses())
async def list_campaigns(session: Reading, _: Official, paging: Paging, state: CampaignState | None = None) -> Response:
    """List campaigns (专项检查列表)."""
    return await page(session, queries.campaigns(state), paging, by=[col(Campaign.id)])


@router.get("/{campaign_id}", response_model=CampaignOut, responses=problem_responses(CampaignNotFound))
async def get_campaign(campaign_id: UUID, session: Reading, _: Official, response: Response) -> Campaign:
    """Read a campaign (专项检查)."""
    found = await queries.campaign(session, campaign_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put(
    "/{campaign_id}",
    response_model=CampaignOut,
    responses=problem_responses(CampaignNotFound, CampaignNotInState, CampaignCodeTaken, StaleVersion, VersionRequired),
)
async def change_campaign(
    campaign_id: UUID, body: Planned, session: Transaction, by: ProvAdmin, version: Version, response: Response
) -> Campaign:
    """Change a plan that is not published (修改方案); an approval is void with it."""
    changed = await service.change(session, campaign_id, body, version, by=by)
    response.headers["ETag"] = etag(changed.version)
    return changed


@router.post(
    "/{campaign_id}/withdrawal", response_model=CampaignOut, responses=problem_responses(CampaignNotFound, CampaignNotInState)
)
async def withdraw_campaign(campaign_id: UUID, body: GroundIn, session: Transaction, by: ProvAdmin) -> Campaign:
    """Give a plan up that is not published (撤销方案)."""
    return await service.withdraw(session, campaign_id, body.ground, by=by)


@router.post("/{campaign_id}/approval", response_model=CampaignOut, responses=_MOVES)
async def approve_campaign(campaign_id: UUID, session: Transaction, by: ProvAdmin) -> Campaign:
    """Approve the plan (批准方案); never by its maker or whoever changed it last."""
    return await service.approve(session, campaign_id, by=by)


@router.post("/{campaign_id}/publication", response_model=CampaignOut, responses=_MOVES)
async def publish_campaign(campaign_id: UUID, session: Transaction, by: ProvAdmin) -> Campaign:
    """Publish the campaign (发布): draws may be planned from now on."""
    return await service.publish(session, campaign_id, by=by)


@router.post(
    "/{campaign_id}/closure",
    response_model=CampaignOut,
    responses=problem_responses(CampaignNotFound, CampaignNotInState, CampaignNotDone),
)
async def close_campaign(campaign_id: UUID, session: Transaction, by: ProvAdmin) -> Campaign:
    """Close the campaign (关闭): no draw goes on, and every object was inspected and reviewed or replaced."""
    return await service.close(session, campaign_id, by=by)
