"""Recalculation by a new calendar: previewed before it is published, then carried out in batches, each move with its reason."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import col

from shared.database.session import ReadSession, Session
from shared.deadline_records import events, history
from shared.deadline_records.calendars import version_of
from shared.deadline_records.computation import apply_computed, query_of, rules
from shared.deadline_records.tables import OPEN, DeadlineRecord, working_calendar
from shared.deadlines import Calendar
from shared.deadlines.compare import End, MovedDeadline, changed_days, moved_deadline
from shared.deadlines.errors import YearNotCovered
from shared.events.deadlines import Move
from shared.security.auth import SYSTEM, Caller

BATCH = 500
_TABLE = working_calendar.c


@dataclass(frozen=True)
class MovedRecord:
    """A stored deadline that ends elsewhere by another calendar."""

    record: DeadlineRecord
    moved: MovedDeadline


async def preview_moves(
    session: ReadSession, version: str, jurisdiction: ColumnElement[bool], after: UUID | None, limit: int
) -> AsyncIterator[MovedRecord]:
    """The open deadlines of a jurisdiction that a proposed calendar would move, in the order of their ids, `limit` at most.

    Raises:
        CalendarNotFound: nobody proposed this version.
    """
    calendar = await version_of(session, version)
    condition, count = jurisdiction & await _may_move(session, calendar), 0
    while records := await _batch(session, condition, after):
        for moved in await _moved_records(session, records, calendar):
            yield moved
            count += 1
            if count == limit:
                return
        after = records[-1].id


async def recalculate_batch(session: Session) -> bool:
    """Recalculate the next batch of open deadlines by a calendar just published; False where nothing was left to do."""
    unfinished = _TABLE.published_at.is_not(None) & _TABLE.moved_at.is_(None)
    oldest = select(working_calendar).where(unfinished).order_by(_TABLE.published_at).limit(1)
    row = (await session.execute(oldest.with_for_update(skip_locked=True))).one_or_none()
    if row is None:
        return False
    calendar = await version_of(session, row.version)
    records = await _batch(session, await _may_move(session, calendar), row.moved_through, lock=True)
    by = SYSTEM if row.published_by is None else Caller(row.published_by, SYSTEM.role, SYSTEM.org, SYSTEM.org_level)
    moves = [_apply(session, moved, by) for moved in await _moved_records(session, records, calendar)]
    events.publish_moves(session, moves)
    progress = {"moved_through": records[-1].id} if records else {"moved_at": session.now}
    await session.execute(update(working_calendar).where(_TABLE.version == row.version).values(progress))
    return True


async def _may_move(session: ReadSession | Session, calendar: Calendar) -> ColumnElement[bool]:
    """Open deadlines that the calendar can move: those that end on or after the first day that differs."""
    first = await _first_change(session, calendar)
    ends = col(DeadlineRecord.due_on)
    return col(DeadlineRecord.state).in_(OPEN) & (ends.is_(None) if first is None else or_(ends.is_(None), ends >= first))


async def _batch(
    session: ReadSession | Session, condition: ColumnElement[bool], after: UUID | None, *, lock: bool = False
) -> Sequence[DeadlineRecord]:
    """The next deadlines that meet the condition, in the order of their ids."""
    query = select(DeadlineRecord).where(condition)
    if after is not None:
        query = query.where(col(DeadlineRecord.id) > after)
    query = query.order_by(col(DeadlineRecord.id)).limit(BATCH)
    return (await session.execute(query.with_for_update() if lock else query)).scalars().all()


async def _first_change(session: ReadSession | Session, calendar: Calendar) -> date | None:
    """The first day on which the new calendar differs from any version that open deadlines were computed with."""
    used = select(col(DeadlineRecord.calendar)).where(col(DeadlineRecord.state).in_(OPEN)).distinct()
    versions = (await session.execute(used)).scalars().all()
    days = [change.day for version in versions for change in changed_days(await version_of(session, version), calendar)]
    return min(days, default=None)


async def _moved_records(
    session: ReadSession | Session, records: Sequence[DeadlineRecord], calendar: Calendar
) -> list[MovedRecord]:
    """Those of the records that the calendar moves."""
    moved = [(record, _moved(record, await version_of(session, record.calendar), calendar)) for record in records]
    return [MovedRecord(record, move) for record, move in moved if move is not None]


def _moved(record: DeadlineRecord, old: Calendar, new: Calendar) -> MovedDeadline | None:
    try:
        return moved_deadline(old, new, rules(), query_of(record), End(record.due_on, record.overdue_from))
    except YearNotCovered:
        return None  # it stays as it is until a calendar reaches its end


def _apply(session: Session, moved: MovedRecord, by: Caller) -> tuple[str, Move]:
    record, before, was = moved.record, moved.record.due_on, moved.record.calendar
    apply_computed(record, moved.moved.deadline, session.now)
    changes = moved.moved.changes
    reason = [{"day": c.day, "was": c.old.kind, "is": c.new.kind, "notice": c.new.notice} for c in changes]
    history.add_entry(session, record, "moved", by, before=before, was=was, calendar=record.calendar, reason=reason)
    days = tuple(change.day for change in changes)
    reference = events.reference_fields(record)
    return record.office, Move(**reference, before=before, reason="calendar", document=record.calendar, days=days)
