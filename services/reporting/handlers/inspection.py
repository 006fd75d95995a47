"""Notices, inspections, findings and rectifications."""

from services.reporting.models import Assignment, Finding, Rectification
from services.reporting.service.replica import add_to_history, of_object, parts
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events import Delivery, Event, inspection
from shared.messaging import Handler

_INSPECTION = {
    "assignment_id",
    "campaign_id",
    "task_no",
    "inspection_id",
    "inspected_on",
    "submitted_on",
    "reviewed_on",
    "entry_due_on",
    "result",
    "object_state",
    "follow_up",
    "refused_to_sign",
}
_FINDING = {
    "finding_id",
    "campaign_id",
    "assignment_id",
    "inspection_id",
    "focus_point",
    "respondent_type",
    "respondent_id",
    "respondent_name",
    "violation_type",
    "severity",
    "fact",
    "suspected_crime",
    "confirmed_on",
}
_RECTIFICATION = {"rectification_id", "finding_id", "campaign_id"}


async def on_object_notified(session: Session, event: inspection.ObjectNotified, _: Delivery) -> None:
    """The object was notified of its inspection."""
    values = event.model_dump(include={"assignment_id", "campaign_id", "inspection_id", "uscc", "notified_at"})
    await upsert(session, Assignment, values)


async def on_inspection_completed(session: Session, event: inspection.InspectionCompleted, _: Delivery) -> None:
    """An inspection has its reviewed result, with the certificate, team and experts as they were that day."""
    inspected = {
        "inspected_certificate": event.certificate.model_dump(mode="json"),
        "inspected_members": parts(event.members),
        "inspected_experts": parts(event.experts),
    }
    await upsert(session, Assignment, event.model_dump(include=_INSPECTION) | of_object(event.object) | inspected)


async def on_finding_confirmed(session: Session, event: inspection.FindingConfirmed, delivery: Delivery) -> None:
    """A finding enters the ledger."""
    organisation = {name: value for name, value in of_object(event.object).items() if name != "address"}
    details = {"certificate": event.certificate.model_dump(mode="json"), "measures": list(event.measures)}
    await upsert(session, Finding, event.model_dump(include=_FINDING) | organisation | details)
    await add_to_history(session, event, delivery)


async def on_rectification_ordered(session: Session, event: inspection.RectificationOrdered, delivery: Delivery) -> None:
    """A finding has to be rectified by a day."""
    values = event.model_dump(include={*_RECTIFICATION, "requirement", "due_on"})
    await upsert(session, Rectification, values | {"ordered_on": legal_day(delivery.occurred_at)})
    await add_to_history(session, event, delivery)


async def on_rectification_reported(session: Session, event: inspection.RectificationReported, delivery: Delivery) -> None:
    """The object reported that it has rectified the finding."""
    await upsert(session, Rectification, event.model_dump(include={*_RECTIFICATION, "reported_on"}))
    await add_to_history(session, event, delivery)


async def on_rectification_closed(session: Session, event: inspection.RectificationClosed, delivery: Delivery) -> None:
    """The recheck passed."""
    await upsert(session, Rectification, event.model_dump(include={*_RECTIFICATION, "rechecked_on", "closed_on"}))
    await add_to_history(session, event, delivery)


async def on_rectification_failed(session: Session, event: inspection.RectificationFailed, delivery: Delivery) -> None:
    """The recheck failed or the deadline passed."""
    values = event.model_dump(include={*_RECTIFICATION, "failed_on"})
    await upsert(session, Rectification, values | {"failure": event.reason})
    await add_to_history(session, event, delivery)


HANDLERS: dict[type[Event], Handler] = {
    inspection.ObjectNotified: on_object_notified,
    inspection.InspectionCompleted: on_inspection_completed,
    inspection.FindingConfirmed: on_finding_confirmed,
    inspection.RectificationOrdered: on_rectification_ordered,
    inspection.RectificationReported: on_rectification_reported,
    inspection.RectificationClosed: on_rectification_closed,
    inspection.RectificationFailed: on_rectification_failed,
}
