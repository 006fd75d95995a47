"""What a new calendar moves: shown before it is published, done afterwards batch by batch, each with its reason."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import col

from shared.database.session import ReadSession, Session
from shared.deadline_records import events, history
from shared.deadline_records.calendars import version_of
from shared.deadline_records.computation import recompute, settle
from shared.deadline_records.tables import OPEN, DeadlineRecord, working_calendar
from shared.deadlines import Calendar, Deadline, legal_day
from shared.deadlines.compare import Changed, changed_days
from shared.deadlines.errors import YearNotCovered
from shared.events.deadlines import Move
from shared.security.auth import SYSTEM, Caller

BATCH = 500
_TABLE = working_calendar.c


@dataclass(frozen=True)
class Moving:
    """One deadline that ends elsewhere by another calendar, and the days that move it."""

    record: DeadlineRecord
    deadline: Deadline
    because: tuple[Changed, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days that the two calendars see differently."""
        return tuple(change.day for change in self.because)


async def preview(
    session: ReadSession, version: str, within: ColumnElement[bool], after: UUID | None, limit: int
) -> AsyncIterator[Moving]:
    """The open deadlines within a jurisdiction that a proposed calendar would move, in the order of their ids."""
    calendar = await version_of(session, version)
    wanted, found = within & await _touched(session, calendar), 0
    while records := await _batch(session, wanted, after):
        for moving in [one for record in records if (one := await _moving(session, record, calendar))]:
            yield moving
            found += 1
            if found == limit:
                return
        after = records[-1].id


async def move_some(session: Session) -> bool:
    """Count the next batch of open deadlines again by a calendar just published; whether there was any to count."""
    open_ones = _TABLE.published_at.is_not(None) & _TABLE.moved_at.is_(None)
    oldest = select(working_calendar).where(open_ones).order_by(_TABLE.published_at).limit(1)
    row = (await session.execute(oldest.with_for_update(skip_locked=True))).one_or_none()
    if row is None:
        return False
    calendar = await version_of(session, row.version)
    records = await _batch(session, await _touched(session, calendar), row.moved_through, lock=True)
    by = SYSTEM if row.published_by is None else Caller(row.published_by, SYSTEM.role, SYSTEM.org, SYSTEM.org_level)
    movings = [one for record in records if (one := await _moving(session, record, calendar))]
    events.moved(session, [_moved(session, moving, by) for moving in movings])
    progress = {"moved_through": records[-1].id} if records else {"moved_at": session.now}
    await session.execute(update(working_calendar).where(_TABLE.version == row.version).values(progress))
    return True


async def _touched(session: ReadSession | Session, calendar: Calendar) -> ColumnElement[bool]:
    """Open deadlines that the calendar can move: those that end in or after the first day that differs."""
    first = await _first_change(session, calendar)
    ends = col(DeadlineRecord.due_on)
    return col(DeadlineRecord.state).in_(OPEN) & (ends.is_(None) if first is None else or_(ends.is_(None), ends >= first))


async def _batch(
    session: ReadSession | Session, wanted: ColumnElement[bool], after: UUID | None, *, lock: bool = False
) -> Sequence[DeadlineRecord]:
    """The next of the wanted deadlines, in the order of their ids."""
    query = select(DeadlineRecord).where(wanted)
    if after is not None:
        query = query.where(col(DeadlineRecord.id) > after)
    query = query.order_by(col(DeadlineRecord.id)).limit(BATCH)
    return (await session.execute(query.with_for_update() if lock else query)).scalars().all()


async def _first_change(session: ReadSession | Session, calendar: Calendar) -> date | None:
    """The first day that the new calendar sees differently from any version that open deadlines were counted by."""
    used = select(col(DeadlineRecord.calendar)).where(col(DeadlineRecord.state).in_(OPEN)).distinct()
    versions = (await session.execute(used)).scalars().all()
    days = [change.day for one in versions for change in changed_days(await version_of(session, one), calendar)]
    return min(days, default=None)


async def _moving(session: ReadSession | Session, record: DeadlineRecord, calendar: Calendar) -> Moving | None:
    """How the calendar moves one deadline; None where it does not."""
    old = await version_of(session, record.calendar)
    try:
        after = recompute(record, calendar, granted=True)
    except YearNotCovered:
        return None  # it waits for a calendar that reaches further
    if after.overdue_from == record.overdue_from:
        return None
    ends = [day for day in (legal_day(after.start), record.due_on, after.due_day) if day is not None]
    because = tuple(change for change in changed_days(old, calendar) if min(ends) <= change.day <= max(ends))
    return Moving(record, after, because)


def _moved(session: Session, moving: Moving, by: Caller) -> tuple[str, Move]:
    record, before = moving.record, moving.record.due_on
    was = record.calendar
    settle(record, moving.deadline, session.now)
    because = [{"day": one.day, "was": one.old.kind, "is": one.new.kind, "notice": one.new.notice} for one in moving.because]
    history.note(session, record, "moved", by, before=before, was=was, calendar=record.calendar, because=because)
    move = Move(**events.about(record), before=before, reason="calendar", document=record.calendar, days=moving.days)
    return record.office, move
