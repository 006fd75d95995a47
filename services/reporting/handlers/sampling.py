"""Campaigns, draws, released objects and teams."""

from services.reporting.models import Assignment, Campaign, Draw, TeamChange
from services.reporting.service import deadlines
from services.reporting.service.replica import add_expert, of_object, of_release, team
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events import Delivery, Event, sampling
from shared.messaging import Handler

_PLAN = {"planned_sample", "minimum_ratio", "priority_groups", "method"}
_CAMPAIGN = {
    "campaign_id",
    "code",
    "document_no",
    "title",
    "issuer",
    "window_from",
    "window_to",
    "interim_cutoff_on",
    "final_from",
    "embargo_until",
    "participating_cities",
}


async def on_campaign_published(session: Session, event: sampling.CampaignPublished, _: Delivery) -> None:
    """A campaign was published, with its rounds and its embargo."""
    values = event.model_dump(include=_CAMPAIGN) | {"plan": event.model_dump(mode="json", include=_PLAN)}
    await upsert(session, Campaign, values)
    await deadlines.open_due(session, event.campaign_id)


async def on_campaign_closed(session: Session, event: sampling.CampaignClosed, _: Delivery) -> None:
    """A campaign has ended."""
    await upsert(session, Campaign, {"campaign_id": event.campaign_id, "closed_on": event.closed_on})


async def on_draw_sealed(session: Session, event: sampling.DrawSealed, delivery: Delivery) -> None:
    """A draw was sealed under its commitment."""
    values = event.model_dump(include={"draw_id", "campaign_id", "kind", "city", "attempt", "commitment_digest"})
    await upsert(session, Draw, values | {"sealed_on": legal_day(delivery.occurred_at)})


async def on_draw_executed(session: Session, event: sampling.DrawExecuted, delivery: Delivery) -> None:
    """A draw was executed; the event does not carry its list."""
    draw = {"draw_id", "campaign_id", "kind", "city", "attempt", "commitment_digest"}
    values = event.model_dump(include=draw | {"frame_size", "selected", "reserves", "transcript_digest"})
    await upsert(session, Draw, values | {"executed_on": legal_day(delivery.occurred_at)})


async def on_draw_aborted(session: Session, event: sampling.DrawAborted, _: Delivery) -> None:
    """A draw was aborted."""
    values = event.model_dump(include={"draw_id", "campaign_id", "kind", "city", "attempt"})
    await upsert(session, Draw, values | {"aborted_for": event.ground})


async def on_objects_released(session: Session, event: sampling.ObjectsReleased, delivery: Delivery) -> None:
    """A city received its list."""
    day = legal_day(delivery.occurred_at)
    for released in event.objects:
        release = {"campaign_id": event.campaign_id, "draw_id": event.draw_id, "released_on": day}
        await upsert(session, Assignment, of_release(released) | release)
    await deadlines.open_due(session, event.campaign_id)


async def on_team_assigned(session: Session, event: sampling.TeamAssigned, _: Delivery) -> None:
    """An object has its team."""
    values = event.model_dump(include={"assignment_id", "campaign_id", "task_no"}) | of_object(event.object)
    plan = {"certificate": event.certificate.model_dump(mode="json"), "members": team(event.members)}
    await upsert(session, Assignment, values | plan)


async def on_expert_allotted(session: Session, event: sampling.ExpertAllotted, _: Delivery) -> None:
    """A team has an expert."""
    await add_expert(session, event.assignment_id, event.campaign_id, event.expert)


async def on_inspector_replaced(session: Session, event: sampling.InspectorReplaced, delivery: Delivery) -> None:
    """A team has changed, for a reason that is counted."""
    ids = event.model_dump(include={"assignment_id", "campaign_id"})
    await upsert(session, Assignment, ids | {"members": team(event.members)})
    change = {"leaving": event.leaving, "reason": event.reason, "changed_on": legal_day(delivery.occurred_at)}
    await upsert(session, TeamChange, ids | change | {"event_id": delivery.event_id})


async def on_object_replaced(session: Session, event: sampling.ObjectReplaced, delivery: Delivery) -> None:
    """An object left the campaign and another one replaced it."""
    day = legal_day(delivery.occurred_at)
    replaced = event.model_dump(include={"assignment_id", "campaign_id", "uscc"})
    reason = {"replaced_on": day, "replaced_for": event.reason, "replacement_id": event.replacement.assignment_id}
    await upsert(session, Assignment, replaced | reason)
    release = {"campaign_id": event.campaign_id, "released_on": day}
    await upsert(session, Assignment, of_release(event.replacement) | release)
    await deadlines.open_due(session, event.campaign_id)


HANDLERS: dict[type[Event], Handler] = {
    sampling.CampaignPublished: on_campaign_published,
    sampling.CampaignClosed: on_campaign_closed,
    sampling.DrawSealed: on_draw_sealed,
    sampling.DrawExecuted: on_draw_executed,
    sampling.DrawAborted: on_draw_aborted,
    sampling.ObjectsReleased: on_objects_released,
    sampling.TeamAssigned: on_team_assigned,
    sampling.ExpertAllotted: on_expert_allotted,
    sampling.InspectorReplaced: on_inspector_replaced,
    sampling.ObjectReplaced: on_object_replaced,
}
