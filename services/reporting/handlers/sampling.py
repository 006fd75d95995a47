"""Campaigns, draws, released objects and teams."""

from services.reporting.models import Assignment, Campaign, Draw, TeamChange
from services.reporting.service import deadlines
from services.reporting.service.replica import add_expert, fill, of_object, of_release, team
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events import Delivery, sampling

_PLAN = {"planned_sample", "minimum_ratio", "priority_groups", "method"}
_CAMPAIGN = {
    *("campaign_id", "code", "document_no", "title", "issuer", "window_from", "window_to"),
    *("interim_cutoff_on", "final_from", "embargo_until", "participating_cities"),
}


async def on_campaign_published(session: Session, event: sampling.CampaignPublished, _: Delivery) -> None:
    """A campaign is known with its rounds and its embargo."""
    values = event.model_dump(include=_CAMPAIGN) | {"plan": event.model_dump(mode="json", include=_PLAN)}
    await fill(session, Campaign, **values)
    await deadlines.expect(session, event.campaign_id)


async def on_campaign_closed(session: Session, event: sampling.CampaignClosed, _: Delivery) -> None:
    """A campaign has ended."""
    await fill(session, Campaign, campaign_id=event.campaign_id, closed_on=event.closed_on)


async def on_draw_sealed(session: Session, event: sampling.DrawSealed, delivery: Delivery) -> None:
    """A draw was committed to."""
    values = event.model_dump(include={"draw_id", "campaign_id", "kind", "city", "attempt", "commitment_digest"})
    await fill(session, Draw, **values, sealed_on=legal_day(delivery.occurred_at))


async def on_draw_executed(session: Session, event: sampling.DrawExecuted, delivery: Delivery) -> None:
    """A draw has a result; its list is not told here."""
    known = {"draw_id", "campaign_id", "kind", "city", "attempt", "commitment_digest"}
    values = event.model_dump(include=known | {"frame_size", "selected", "reserves", "transcript_digest"})
    await fill(session, Draw, **values, executed_on=legal_day(delivery.occurred_at))


async def on_draw_aborted(session: Session, event: sampling.DrawAborted, _: Delivery) -> None:
    """A draw was given up."""
    values = event.model_dump(include={"draw_id", "campaign_id", "kind", "city", "attempt"})
    await fill(session, Draw, **values, aborted_for=event.ground)


async def on_objects_released(session: Session, event: sampling.ObjectsReleased, delivery: Delivery) -> None:
    """A city has its list."""
    day = legal_day(delivery.occurred_at)
    for released in event.objects:
        known = {"campaign_id": event.campaign_id, "draw_id": event.draw_id, "released_on": day}
        await fill(session, Assignment, **of_release(released), **known)
    await deadlines.expect(session, event.campaign_id)


async def on_team_assigned(session: Session, event: sampling.TeamAssigned, _: Delivery) -> None:
    """An object has its team."""
    known = event.model_dump(include={"assignment_id", "campaign_id", "task_no"})
    certificate = event.certificate.model_dump(mode="json")
    members = team(event.members)
    await fill(session, Assignment, **known, **of_object(event.object), certificate=certificate, members=members)


async def on_expert_allotted(session: Session, event: sampling.ExpertAllotted, _: Delivery) -> None:
    """A team has an expert."""
    await add_expert(session, event.assignment_id, event.campaign_id, event.expert)


async def on_inspector_replaced(session: Session, event: sampling.InspectorReplaced, delivery: Delivery) -> None:
    """A team has changed, for a reason that is counted."""
    known = event.model_dump(include={"assignment_id", "campaign_id"})
    await fill(session, Assignment, **known, members=team(event.members))
    change = {"leaving": event.leaving, "reason": event.reason, "changed_on": legal_day(delivery.occurred_at)}
    await fill(session, TeamChange, event_id=delivery.event_id, **known, **change)


async def on_object_replaced(session: Session, event: sampling.ObjectReplaced, delivery: Delivery) -> None:
    """An object left the campaign and another took its place."""
    day = legal_day(delivery.occurred_at)
    old = event.model_dump(include={"assignment_id", "campaign_id", "uscc"})
    left = {"replaced_on": day, "replaced_for": event.reason, "replacement_id": event.replacement.assignment_id}
    await fill(session, Assignment, **old, **left)
    await fill(session, Assignment, **of_release(event.replacement), campaign_id=event.campaign_id, released_on=day)
    await deadlines.expect(session, event.campaign_id)
