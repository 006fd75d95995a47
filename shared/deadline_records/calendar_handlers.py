"""Event handlers of every service but the registry: a proposed calendar is stored, a published one comes into force.

A calendar that is not newer than the one in force, such as the one delivered with the program, changes nothing.
"""

from shared.database.session import Session
from shared.deadline_records import calendars
from shared.events import Delivery
from shared.events.registry import CalendarProposed, CalendarPublished
from shared.messaging import Handlers


async def on_calendar_proposed(session: Session, event: CalendarProposed, _: Delivery) -> None:
    """Store the file, so that its moves can be previewed.

    Raises:
        InvalidCalendarFile: the file contradicts itself.
    """
    if await calendars.is_newer(session, event.calendar):
        await calendars.propose(session, event.content, event.proposed_by)


async def on_calendar_published(session: Session, event: CalendarPublished, _: Delivery) -> None:
    """Bring the calendar into force; the scheduler recalculates the open deadlines.

    Raises:
        CalendarNotFound: its proposal has not been handled here.
    """
    if await calendars.is_newer(session, event.calendar):
        await calendars.publish(session, event.calendar, event.published_by)


HANDLERS: Handlers = {CalendarProposed: on_calendar_proposed, CalendarPublished: on_calendar_published}
