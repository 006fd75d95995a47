"""Which working-day calendar counts, and how a new version comes into force: proposed, then published by a second person."""

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
_KNOWN = "calendar in force"
_TABLE = working_calendar.c


async def in_force(session: AsyncSession) -> Calendar:
    """The calendar by which an act of this moment counts: the last one published, else the one delivered.

    An act that counts holds off a publication until its commit, so no deadline is opened by a calendar that has gone.
    """
    if _KNOWN not in session.info:
        if isinstance(session, Session):
            await session.execute(text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})"))
        newest = select(_TABLE.version).where(_TABLE.published_at.is_not(None)).order_by(_TABLE.published_at.desc()).limit(1)
        version = (await session.execute(newest)).scalar_one_or_none()
        session.info[_KNOWN] = delivered() if version is None else await version_of(session, version)
    known: Calendar = session.info[_KNOWN]
    return known


async def version_of(session: AsyncSession, version: str) -> Calendar:
    """The calendar of a version. Raises CalendarNotFound."""
    if version in {"", delivered().version}:
        return delivered()
    query = select(_TABLE.digest).where(_TABLE.version == version)
    digest = (await session.execute(query)).scalar_one_or_none()
    if digest is None:
        raise CalendarNotFound(version)
    if (known := _parsed.get(digest)) is None:
        known = parse_calendar((await content_of(session, version)).encode())
        _parsed[digest] = known
    return known


async def content_of(session: AsyncSession, version: str) -> str:
    """The file of a version as it came. Raises CalendarNotFound."""
    found = (await session.execute(select(_TABLE.content).where(_TABLE.version == version))).scalar_one_or_none()
    if found is None:
        raise CalendarNotFound(version)
    return str(found)


_parsed: dict[str, Calendar] = {}
"""Calendars by the digest of their file: a version never changes."""


def delivered() -> Calendar:
    """The calendar that comes with the program."""
    return deadlines.book().calendar


async def propose(session: Session, content: str, by: str) -> Calendar:
    """Keep a calendar file until somebody else publishes it; a second proposal of the same version replaces the first.

    Raises:
        CalendarFileRefused: the file contradicts itself.
        CalendarNotNewer: it would not replace the calendar in force.
        CalendarAlreadyPublished: this version counts already.
    """
    calendar = parse_calendar(content.encode())
    known = (await session.execute(select(_TABLE.published_at).where(_TABLE.version == calendar.version))).first()
    if known is not None and known[0] is not None:
        raise CalendarAlreadyPublished(calendar.version)
    require_newer(calendar, await in_force(session))
    file = {"version": calendar.version, "digest": calendar.digest, "content": content}
    row = {**file, "proposed_by": by, "proposed_at": session.now}
    keep = insert(working_calendar).values(row)
    await session.execute(keep.on_conflict_do_update(index_elements=["version"], set_=row))
    return calendar


async def publish(session: Session, version: str, by: str) -> Calendar:
    """Let a proposed calendar count from now on; the scheduler then moves what it moves.

    Raises:
        CalendarNotFound: nobody proposed this version.
        CalendarAlreadyPublished: it counts already.
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
    session.info[_KNOWN] = calendar
    return calendar


async def is_newer(session: Session, version: str) -> bool:
    """Whether a version is newer than the calendar in force."""
    return _numbers(version) > _numbers((await in_force(session)).version)


def require_newer(new: Calendar, old: Calendar) -> None:
    """Refuse a calendar that is older or covers less than the one it would replace."""
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
