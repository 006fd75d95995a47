"""What this service does when others tell their facts."""

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
    """The inspection of the assignment begins to exist."""
    await assignments.open_inspection(session, event)


async def on_expert_allotted(session: Session, event: ExpertAllotted, _: Delivery) -> None:
    """An expert supports the team."""
    await assignments.allot_expert(session, event)


async def on_inspector_replaced(session: Session, event: InspectorReplaced, _: Delivery) -> None:
    """The team is another one."""
    await assignments.change_team(session, event.assignment_id, event.members)


async def on_object_replaced(session: Session, event: ObjectReplaced, _: Delivery) -> None:
    """The object is not inspected any more."""
    await assignments.cancel(session, event.assignment_id, event.reason)


async def on_campaign_published(session: Session, event: CampaignPublished, _: Delivery) -> None:
    """The forms print the campaign."""
    await replica.keep_campaign(session, event)


async def on_campaign_closed(session: Session, event: CampaignClosed, _: Delivery) -> None:
    """The campaign ended."""
    await replica.close_campaign(session, event)


async def on_certificate_registered(session: Session, event: CertificateRegistered, delivery: Delivery) -> None:
    """A certificate's newest edition is known."""
    await replica.keep_certificate(session, event, delivery.sequence)


async def on_certificate_status_changed(session: Session, event: CertificateStatusChanged, delivery: Delivery) -> None:
    """A certificate's history grows, and its open inspections are alerted."""
    await replica.keep_status(session, event, delivery.sequence)


async def on_catalogue_item_published(session: Session, event: CatalogueItemPublished, _: Delivery) -> None:
    """It is known from when a product needs a certificate."""
    await replica.keep_catalogue_item(session, event)


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
