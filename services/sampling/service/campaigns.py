"""A campaign from its plan to its close."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from services.sampling.errors import CampaignCodeTaken, CampaignNotDone, SamePerson
from services.sampling.models import Assignment, Campaign
from services.sampling.queries.campaigns import campaign as campaign_of
from services.sampling.queries.campaigns import open_of
from services.sampling.rules import campaign_states as rules
from services.sampling.schemas.campaigns import PLAN, CampaignPlan
from shared.core.clock import legal_day
from shared.core.errors import StaleVersion
from shared.database.session import Session, lock
from shared.events.sampling import CampaignClosed, CampaignPublished
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller
from shared.security.segregation import require_different
from shared.vocabulary import AssignmentState, CampaignState


async def create(session: Session, wanted: CampaignPlan, *, by: Caller) -> Campaign:
    """Plan a campaign.

    Raises:
        CampaignCodeTaken: another has the code.
    """
    await _refuse_taken(session, wanted.code)
    campaign = Campaign(**_fields(wanted), created_by=by.subject, created_at=session.now)
    session.add(campaign)
    audit.record(session, by, "campaign.created", campaign.id, code=campaign.code)
    return campaign


async def _refuse_taken(session: Session, code: str) -> None:
    await lock(session, f"campaign {code}")
    if (await session.exec(select(Campaign.id).where(col(Campaign.code) == code))).first():
        raise CampaignCodeTaken(pointer="/code")


def _fields(wanted: CampaignPlan) -> dict[str, Any]:
    values = wanted.model_dump(mode="json")
    fields = {name: value for name, value in wanted.model_dump().items() if name not in PLAN}
    return fields | {"plan": {name: values[name] for name in PLAN}}


async def change(session: Session, campaign_id: UUID, wanted: CampaignPlan, version: int, *, by: Caller) -> Campaign:
    """Put another plan in the place of one that is not published; an approval is void with it.

    Raises:
        CampaignNotFound, CampaignNotInState, CampaignCodeTaken: as their names say.
        StaleVersion: somebody changed it meanwhile.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    if campaign.version != version:
        raise StaleVersion
    if campaign.code != wanted.code:
        await _refuse_taken(session, wanted.code)
    _move(campaign, CampaignState.DRAFT)
    for name, value in _fields(wanted).items():
        setattr(campaign, name, value)
    campaign.approved_by, campaign.changed_by = None, by.subject
    audit.record(session, by, "campaign.changed", campaign_id, version=campaign.version)
    return campaign


def _move(campaign: Campaign, to: CampaignState) -> None:
    campaign.state = rules.moved(campaign.state, to)
    campaign.version += 1


async def withdraw(session: Session, campaign_id: UUID, ground: str, *, by: Caller) -> Campaign:
    """Give a plan up that is not published; it stays on record and keeps its code.

    Raises:
        CampaignNotFound, CampaignNotInState: as their names say.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    _move(campaign, CampaignState.WITHDRAWN)
    campaign.withdrawal_ground = ground
    audit.record(session, by, "campaign.withdrawn", campaign_id, ground=ground)
    return campaign


async def approve(session: Session, campaign_id: UUID, *, by: Caller) -> Campaign:
    """Approve the plan; never by its maker or whoever changed it last.

    Raises:
        CampaignNotFound, CampaignNotInState, SamePerson: as their names say.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    require_different(by.subject, campaign.created_by, campaign.changed_by, error=SamePerson)
    _move(campaign, CampaignState.APPROVED)
    campaign.approved_by = by.subject
    audit.record(session, by, "campaign.approved", campaign_id)
    return campaign


async def publish(session: Session, campaign_id: UUID, *, by: Caller) -> Campaign:
    """Publish: from now on draws may be planned.

    Raises:
        CampaignNotFound, CampaignNotInState: as their names say.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    _move(campaign, CampaignState.PUBLISHED)
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
        method=campaign.plan["method"],
        failed_sampling_years=tuple(campaign.plan["failed_sampling"]["years"]),
    )


async def close(session: Session, campaign_id: UUID, *, by: Caller) -> Campaign:
    """Close the campaign and its assignments.

    Raises:
        CampaignNotFound, CampaignNotInState: as their names say.
        CampaignNotDone: a draw goes on, or an object waits for its reviewed inspection.
    """
    campaign = await campaign_of(session, campaign_id, lock=True)
    _move(campaign, CampaignState.CLOSED)
    draws, waiting = await open_of(session, campaign_id)
    if draws or waiting:
        raise CampaignNotDone(draws=draws, assignments=waiting)
    reviewed = (col(Assignment.campaign_id) == campaign_id) & (col(Assignment.state) == AssignmentState.REVIEWED)
    await session.exec(update(Assignment).where(reviewed).values(state=AssignmentState.CLOSED))
    campaign.closed_at = session.now
    audit.record(session, by, "campaign.closed", campaign_id)
    emit(session, CampaignClosed(campaign_id=campaign_id, closed_on=legal_day(session.now)))
    return campaign
