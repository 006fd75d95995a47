"""The working-day calendar of all services: one person proposes a file, a second one publishes it."""

from shared.database.session import Session
from shared.deadline_records import calendars
from shared.deadlines import Calendar
from shared.events.registry import CalendarProposed, CalendarPublished
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller


async def propose(session: Session, content: bytes, *, by: Caller) -> Calendar:
    """Check a calendar file and send it to every service, so that each can preview which deadlines it would move.

    Raises:
        InvalidCalendarFile: the file contradicts itself.
        CalendarNotNewer, CalendarAlreadyPublished: it cannot replace the calendar in force.
    """
    text = content.decode()
    calendar = await calendars.propose(session, text, by.subject)
    audit.record(session, by, "calendar.proposed", calendar.version, digest=calendar.digest)
    emit(
        session,
        CalendarProposed(calendar=calendar.version, digest=calendar.digest, content=text, proposed_by=by.subject),
    )
    return calendar


async def publish(session: Session, version: str, *, by: Caller) -> Calendar:
    """Put a proposed calendar in force in every service.

    Raises:
        CalendarNotFound, CalendarNotNewer, CalendarAlreadyPublished: it cannot be published.
        CalendarNeedsSecondPerson: the caller proposed it.
    """
    calendar = await calendars.publish(session, version, by.subject)
    audit.record(session, by, "calendar.published", version, digest=calendar.digest)
    emit(session, CalendarPublished(calendar=version, digest=calendar.digest, published_by=by.subject))
    return calendar
