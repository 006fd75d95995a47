"""What the registry does when others tell something."""

from services.registry.service import enterprises
from shared.database.session import Session
from shared.events import Delivery
from shared.events.inspection import InspectionCompleted
from shared.messaging import Handlers


async def on_inspection_completed(session: Session, event: InspectionCompleted, _delivery: Delivery) -> None:
    """An organisation was inspected."""
    await enterprises.note_inspection(session, event)


HANDLERS: Handlers = {InspectionCompleted: on_inspection_completed}
