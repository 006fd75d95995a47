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
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/campaigns", route_class=ServiceRoute, tags=["campaigns 专项检查"])


@router.get("", response_model=Page[CampaignOut], responses=problem_responses())
async def list_campaigns(session: Reading, _by: Reader, paging: Paging) -> Response:
    """The published campaigns (专项检查列表)."""
    return await page(session, queries.campaigns(), paging, by=[col(Campaign.campaign_id)])


@router.get("/{campaign_id}", response_model=CampaignOut, responses=problem_responses(CampaignNotFound))
async def get_campaign(campaign_id: UUID, session: Reading, _by: Reader) -> Response:
    """A published campaign (专项检查)."""
    return await single(session, queries.campaigns(campaign_id), CampaignNotFound)


@router.get("/{campaign_id}/rounds", responses=problem_responses(CampaignNotFound))
async def list_rounds(campaign_id: UUID, session: Reading, _by: Reader) -> Rounds:
    """The report rounds with their days (报告轮次)."""
    periods = await queries.periods(session, campaign_id)
    return Rounds(items=[RoundOut(**vars(period)) for period in periods.values()])


@router.get("/{campaign_id}/assessment", dependencies=[audited("assessment.read")], responses=problem_responses(CampaignNotFound))
async def list_assessments(campaign_id: UUID, session: Reading, by: Reader, round: Round = Round.INTERIM) -> Assessment:  # noqa: A002  (the field's own term)
    """The assessment figures of each city as exact fractions (考核指标)."""
    scope = queries.scope_of(campaign_id, by, None)
    cities = await assessment.assessments(session, scope, round, legal_day(session.now))
    return Assessment(items=[AssessedCity(**city) for city in cities])
