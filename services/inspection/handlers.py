"""Handlers of the events that the inspection service consumes."""

from services.inspection.service import assignments, replica
from shared.database.session import Session
from shared.deadline_records import calendar_handlers
from shared.events import Delivery
from shared.events.registry import (
    CatalogueItemPublished,
    CertificateRegistered,
    CertificateStatusChanged,
)
from shared.events.sampling import (
    CampaignClosed,
    CampaignPublished,
    ExpertAllotted,
    InspectorReplaced,
    ObjectReplaced,
    TeamAssigned,
)
from shared.messaging import Handlers


async def on_team_assigned(session: Session, event: TeamAssigned, _: Delivery) -> None:
    """A team is assigned: open the inspection, or change its team."""
    await assignments.open_inspection(session, event)


async def on_expert_allotted(session: Session, event: ExpertAllotted, _: Delivery) -> None:
    """An expert is assigned: store the expert of the assignment."""
    await assignments.assign_expert(session, event)


async def on_inspector_replaced(session: Session, event: InspectorReplaced, _: Delivery) -> None:
    """An inspector was replaced: change the team."""
    await assignments.change_team(session, event)


async def on_object_replaced(session: Session, event: ObjectReplaced, _: Delivery) -> None:
    """The object was replaced: cancel its inspection."""
    await assignments.cancel(session, event)


async def on_campaign_published(session: Session, event: CampaignPublished, _: Delivery) -> None:
    """A campaign was published: update the replica."""
    await replica.store_campaign(session, event)


async def on_campaign_closed(session: Session, event: CampaignClosed, _: Delivery) -> None:
    """A campaign ended: update the replica."""
    await replica.close_campaign(session, event)


async def on_certificate_registered(session: Session, event: CertificateRegistered, delivery: Delivery) -> None:
    """A certificate was registered: update the replica."""
    await replica.store_certificate(session, event, delivery.sequence)


async def on_certificate_status_changed(session: Session, event: CertificateStatusChanged, delivery: Delivery) -> None:
    """A certificate's status changed: update the replica and alert its open inspections."""
    await replica.store_status_change(session, event, delivery.sequence)


async def on_catalogue_item_published(session: Session, event: CatalogueItemPublished, _: Delivery) -> None:
    """A catalogue entry was published: update the replica."""
    await replica.store_catalogue_item(session, event)


HANDLERS: Handlers = {
    TeamAssigned: on_team_assigned,
    ExpertAllotted: on_expert_allotted,
    InspectorReplaced: on_inspector_replaced,
    ObjectReplaced: on_object_replaced,
    CampaignPublished: on_campaign_published,
    CampaignClosed: on_campaign_closed,
    CertificateRegistered: on_certificate_registered,
    CertificateStatusChanged: on_certificate_status_changed,
    CatalogueItemPublished: on_catalogue_item_published,
    **calendar_handlers.HANDLERS,
}
