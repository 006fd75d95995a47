"""Campaigns, their rounds and the assessment of cities."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.reporting import queries
from services.reporting.api.callers import Reader
from services.reporting.errors import CampaignNotFound
from services.reporting.models import Campaign
from services.reporting.queries import assessment
from services.reporting.rules.enums import Round
from services.reporting.schemas import AssessedCity, Assessment, CampaignOut, RoundOut, Rounds
from shared.core.clock import legal_day
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading
from shared.web.pagination import Page, Paging, one, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/campaigns", route_class=ServiceRoute, tags=["campaigns 专项检查"])


@router.get("", response_model=Page[CampaignOut], responses=problem_responses())
async def list_campaigns(session: Reading, _by: Reader, paging: Paging) -> Response:
    """List published campaigns (专项检查列表)."""
    return await page(session, queries.campaigns(), paging, by=[col(Campaign.campaign_id)])


@router.get("/{campaign_id}", response_model=CampaignOut, responses=problem_responses(CampaignNotFound))
async def read_campaign(campaign_id: UUID, session: Reading, _by: Reader) -> Response:
    """Read a published campaign (专项检查)."""
    return await one(session, queries.campaigns(campaign_id), CampaignNotFound)


@router.get("/{campaign_id}/rounds", responses=problem_responses(CampaignNotFound))
async def list_rounds(campaign_id: UUID, session: Reading, _by: Reader) -> Rounds:
    """The report rounds with their days (报告轮次)."""
    found = await queries.periods(session, campaign_id)
    return Rounds(items=[RoundOut(**vars(each)) for each in found.values()])


@router.get("/{campaign_id}/assessment", dependencies=[audited("assessment.read")], responses=problem_responses(CampaignNotFound))
async def assess_cities(campaign_id: UUID, session: Reading, by: Reader, round: Round = Round.INTERIM) -> Assessment:  # noqa: A002  (the word of the field)
    """The assessment figures of each city as exact fractions (考核指标)."""
    scope = queries.scope_of(campaign_id, by, None)
    found = await assessment.by_city(session, scope, round, legal_day(session.now))
    return Assessment(items=[AssessedCity(**each) for each in found])
