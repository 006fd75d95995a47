"""What every service but the registry does when the registry tells of a calendar; one that its program brings counts already."""

from shared.database.session import Session
from shared.deadline_records import calendars
from shared.events import Delivery
from shared.events.registry import CalendarProposed, CalendarPublished
from shared.messaging import Handlers


async def on_calendar_proposed(session: Session, event: CalendarProposed, _: Delivery) -> None:
    """The file can be looked at here."""
    if await calendars.is_newer(session, event.calendar):
        await calendars.propose(session, event.content, event.proposed_by)


async def on_calendar_published(session: Session, event: CalendarPublished, _: Delivery) -> None:
    """It counts here too, and the scheduler moves what it moves."""
    if await calendars.is_newer(session, event.calendar):
        await calendars.publish(session, event.calendar, event.published_by)


HANDLERS: Handlers = {CalendarProposed: on_calendar_proposed, CalendarPublished: on_calendar_published}
