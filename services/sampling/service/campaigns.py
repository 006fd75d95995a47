"""A campaign from its plan to its close."""

from uuid import UUID

from sqlmodel import col, select

from services.sampling.errors import CampaignCodeTaken, SamePerson
from services.sampling.models import Campaign
from services.sampling.queries.campaigns import campaign as campaign_of
from services.sampling.rules import campaigns as rules
from services.sampling.rules import law
from services.sampling.schemas.campaigns import CampaignIn
from shared import audit
from shared.auth import Caller
from shared.clock import legal_day
from shared.db import Session, lock
from shared.events.sampling import CampaignClosed, CampaignPublished
from shared.messaging import emit
from shared.terms import CampaignState

_PLAN = ("planned_sample", "minimum_ratio", "priority_groups", "floor", "multipliers", "reserves_per_stratum")


async def create(session: Session, wanted: CampaignIn, *, by: Caller) -> Campaign:
    """Plan a campaign.

    Raises:
        CampaignCodeTaken: another has the code.
    """
    await lock(session, f"campaign {wanted.code}")
    if (await session.exec(select(Campaign.id).where(col(Campaign.code) == wanted.code))).first():
        raise CampaignCodeTaken(pointer="/code")
    values = wanted.model_dump(mode="json")
    fields = {name: value for name, value in wanted.model_dump().items() if name not in _PLAN}
    plan = {name: values[name] for name in _PLAN}
    campaign = Campaign(**fields, plan=plan, issuer=law.parameter("issuer"), created_by=by.subject, created_at=session.now)
    session.add(campaign)
    audit.record(session, by, "campaign.created", campaign.id, code=campaign.code)
    return campaign


async def approve(session: Session, campaign_id: UUID, *, by: Caller) -> Campaign:
    """Approve the plan; never by its maker.

    Raises:
        CampaignNotFound, CampaignNotInState, SamePerson: as their names say.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    if campaign.created_by == by.subject:
        raise SamePerson
    campaign.state = rules.moved(campaign.state, CampaignState.APPROVED)
    campaign.approved_by = by.subject
    audit.record(session, by, "campaign.approved", campaign_id)
    return campaign


async def publish(session: Session, campaign_id: UUID, *, by: Caller) -> Campaign:
    """Publish: from now on draws may be planned.

    Raises:
        CampaignNotFound, CampaignNotInState: as their names say.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    campaign.state = rules.moved(campaign.state, CampaignState.PUBLISHED)
    campaign.published_at = session.now
    audit.record(session, by, "campaign.published", campaign_id)
    emit(session, _published(campaign))
    return campaign


def _published(campaign: Campaign) -> CampaignPublished:
    return CampaignPublished(
        campaign_id=campaign.id,
        code=campaign.code,
        document_no=campaign.document_no,
        title=campaign.title,
        issuer=campaign.issuer,
        window_from=campaign.window_from,
        window_to=campaign.window_to,
        interim_cutoff_on=campaign.interim_cutoff_on,
        final_from=campaign.final_from,
        embargo_until=campaign.embargo_until,
        participating_cities=tuple(campaign.participating_cities),
        checklist_version=campaign.checklist_version,
        planned_sample=campaign.plan["planned_sample"],
        minimum_ratio=tuple(campaign.plan["minimum_ratio"]),
        priority_groups=tuple(campaign.plan["priority_groups"]),
        method=law.parameter("method"),
    )


async def close(session: Session, campaign_id: UUID, *, by: Caller) -> Campaign:
    """Close the campaign.

    Raises:
        CampaignNotFound, CampaignNotInState: as their names say.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    campaign.state = rules.moved(campaign.state, CampaignState.CLOSED)
    campaign.closed_at = session.now
    audit.record(session, by, "campaign.closed", campaign_id)
    emit(session, CampaignClosed(campaign_id=campaign_id, closed_on=legal_day(session.now)))
    return campaign
