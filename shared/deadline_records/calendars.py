"""The working-day calendar in force, and how a new version comes into force: proposed, then published by a second person."""

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared import deadlines
from shared.database.session import Session
from shared.deadline_records.errors import CalendarAlreadyPublished, CalendarNeedsSecondPerson, CalendarNotFound, CalendarNotNewer
from shared.deadline_records.tables import working_calendar
from shared.deadlines.calendar import Calendar
from shared.deadlines.calendar_file import parse_calendar

_LOCK = 6_023_745_512
_IN_FORCE = "calendar in force"
_TABLE = working_calendar.c


async def in_force(session: AsyncSession) -> Calendar:
    """The calendar that applies now: the last one published, else the one delivered.

    A transaction that reads it holds off a publication until its commit, so no deadline is opened by a superseded calendar.
    """
    if _IN_FORCE not in session.info:
        if isinstance(session, Session):
            await session.execute(text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})"))
        newest = select(_TABLE.version).where(_TABLE.published_at.is_not(None)).order_by(_TABLE.published_at.desc()).limit(1)
        version = (await session.execute(newest)).scalar_one_or_none()
        session.info[_IN_FORCE] = delivered() if version is None else await version_of(session, version)
    calendar: Calendar = session.info[_IN_FORCE]
    return calendar


async def version_of(session: AsyncSession, version: str) -> Calendar:
    """The calendar of a version.

    Raises:
        CalendarNotFound: nobody proposed this version.
    """
    if version in {"", delivered().version}:
        return delivered()
    query = select(_TABLE.digest).where(_TABLE.version == version)
    digest = (await session.execute(query)).scalar_one_or_none()
    if digest is None:
        raise CalendarNotFound(version)
    if (calendar := _parsed.get(digest)) is None:
        calendar = parse_calendar((await content_of(session, version)).encode())
        _parsed[digest] = calendar
    return calendar


async def content_of(session: AsyncSession, version: str) -> str:
    """The file of a version as it was proposed.

    Raises:
        CalendarNotFound: nobody proposed this version.
    """
    content = (await session.execute(select(_TABLE.content).where(_TABLE.version == version))).scalar_one_or_none()
    if content is None:
        raise CalendarNotFound(version)
    return str(content)


_parsed: dict[str, Calendar] = {}
"""Calendars by the digest of their file: a version never changes."""


def delivered() -> Calendar:
    """The calendar that comes with the program."""
    return deadlines.dataset().calendar


async def propose(session: Session, content: str, by: str) -> Calendar:
    """Store a calendar file until somebody else publishes it; a second proposal of the same version replaces the first.

    Raises:
        InvalidCalendarFile: the file contradicts itself.
        CalendarNotNewer: it would not replace the calendar in force.
        CalendarAlreadyPublished: this version is published already.
    """
    calendar = parse_calendar(content.encode())
    stored = (await session.execute(select(_TABLE.published_at).where(_TABLE.version == calendar.version))).first()
    if stored is not None and stored[0] is not None:
        raise CalendarAlreadyPublished(calendar.version)
    require_newer(calendar, await in_force(session))
    file = {"version": calendar.version, "digest": calendar.digest, "content": content}
    row = {**file, "proposed_by": by, "proposed_at": session.now}
    statement = insert(working_calendar).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["version"], set_=row))
    return calendar


async def publish(session: Session, version: str, by: str) -> Calendar:
    """Bring a proposed calendar into force; the scheduler then recalculates the open deadlines.

    Raises:
        CalendarNotFound: nobody proposed this version.
        CalendarAlreadyPublished: it is published already.
        CalendarNeedsSecondPerson: the same person proposed it.
        CalendarNotNewer: a newer one has been published since.
    """
    row = (await session.execute(select(working_calendar).where(_TABLE.version == version).with_for_update())).one_or_none()
    if row is None:
        raise CalendarNotFound(version)
    if row.published_at is not None:
        raise CalendarAlreadyPublished(version)
    if row.proposed_by == by:
        raise CalendarNeedsSecondPerson
    calendar = await version_of(session, version)
    await session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    require_newer(calendar, await in_force(session))
    change = {"published_by": by, "published_at": session.now}
    await session.execute(update(working_calendar).where(_TABLE.version == version).values(change))
    session.info[_IN_FORCE] = calendar
    return calendar


async def is_newer(session: Session, version: str) -> bool:
    """Whether a version is newer than the calendar in force.

    Raises:
        CalendarNotNewer: it is no version of the form 2026.2.
    """
    return _numbers(version) > _numbers((await in_force(session)).version)


def require_newer(new: Calendar, old: Calendar) -> None:
    """Check that a calendar may replace another.

    Raises:
        CalendarNotNewer: it is older or covers less than the one it would replace.
    """
    if _numbers(new.version) <= _numbers(old.version):
        raise CalendarNotNewer(f"{new.version} ≤ {old.version}", pointer="/version", in_force=old.version)
    if new.first > old.first or new.last < old.last:
        covered = f"{old.first.year}–{old.last.year}"
        raise CalendarNotNewer(f"须覆盖 / has to cover {covered}", pointer="/years", in_force=old.version)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise CalendarNotNewer(f"{version}: 版本号形如 2026.2 / versions look like 2026.2", pointer="/version")
    return tuple(int(part) for part in parts)
