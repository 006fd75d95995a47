"""Handlers of the events that the registry consumes."""

from services.registry.service import enterprises
from shared.database.session import Session
from shared.events import Delivery
from shared.events.inspection import InspectionCompleted
from shared.messaging import Handlers


async def on_inspection_completed(session: Session, event: InspectionCompleted, _delivery: Delivery) -> None:
    """An enterprise was inspected: keep the day and the result."""
    await enterprises.record_inspection(session, event)


HANDLERS: Handlers = {InspectionCompleted: on_inspection_completed}
