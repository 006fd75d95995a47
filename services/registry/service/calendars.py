"""The working-day calendar of all services: a file is proposed here, and a second person publishes it."""

from shared.database.session import Session
from shared.deadline_records import calendars
from shared.deadlines import Calendar
from shared.events.registry import CalendarProposed, CalendarPublished
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import Caller


async def propose(session: Session, content: bytes, *, by: Caller) -> Calendar:
    """Check a calendar file and hand it to every service, so that each can show what it would move.

    Raises:
        InvalidCalendarFile: the file contradicts itself.
        CalendarNotNewer, CalendarAlreadyPublished: it cannot replace the calendar in force.
    """
    text = content.decode()
    calendar = await calendars.propose(session, text, by.subject)
    audit.record(session, by, "calendar.proposed", calendar.version, digest=calendar.digest)
    told = {"calendar": calendar.version, "digest": calendar.digest}
    emit(session, CalendarProposed(**told, content=text, proposed_by=by.subject))
    return calendar


async def publish(session: Session, version: str, *, by: Caller) -> Calendar:
    """Let a proposed calendar count in every service.

    Raises:
        CalendarNotFound, CalendarNotNewer, CalendarAlreadyPublished: it cannot be published.
        CalendarNeedsSecondPerson: the caller proposed it.
    """
    calendar = await calendars.publish(session, version, by.subject)
    audit.record(session, by, "calendar.published", version, digest=calendar.digest)
    emit(session, CalendarPublished(calendar=version, digest=calendar.digest, published_by=by.subject))
    return calendar
