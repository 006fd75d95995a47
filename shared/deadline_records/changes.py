"""A deadline stands still, runs on, or is extended, as its rule allows."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from shared.core.clock import legal_day
from shared.database.session import Session
from shared.deadline_records import events, history
from shared.deadline_records.calendars import in_force
from shared.deadline_records.computation import Document, Granted, Paused, extension_of, recompute, rules, settle
from shared.deadline_records.errors import DeadlineIsClosed, DeadlineNotPaused, GranterHandles
from shared.deadline_records.pending_warnings import catch_up
from shared.deadline_records.tables import OPEN, DeadlineRecord
from shared.deadlines.errors import DeadlineRefused, InvalidPause
from shared.events.deadlines import Move
from shared.security.auth import Caller
from shared.vocabulary import DeadlineState


async def open_ones(session: Session, subject_id: UUID, codes: Sequence[str] | None = None) -> Sequence[DeadlineRecord]:
    """The open deadlines of a subject, locked, oldest first."""
    await session.flush()
    query = select(DeadlineRecord).where(col(DeadlineRecord.subject_id) == subject_id, col(DeadlineRecord.state).in_(OPEN))
    if codes is not None:
        query = query.where(col(DeadlineRecord.code).in_(codes))
    return (await session.exec(query.order_by(col(DeadlineRecord.id)).with_for_update())).all()


def may_pause(record: DeadlineRecord, ground: str) -> bool:
    """Whether the deadline runs and its rule knows the ground."""
    known = rules().versions(record.code)[-1].pauses
    return record.state is DeadlineState.RUNNING and ground in known


async def pause(session: Session, record: DeadlineRecord, paused: Paused, *, by: Caller) -> None:
    """Stop a deadline from the day named, by default today.

    Raises:
        DeadlineIsClosed: it is no longer running.
        DeadlineRefused: its rule knows no such pause, or the day lies before the trigger or in the future.
        GranterHandles: the caller handles the matter.
    """
    await _require_running(session, record, by)
    today = legal_day(session.now)
    starts = paused.starts or today
    if starts > today:
        raise InvalidPause("扣除期间不得预先开始 / a pause cannot begin in the future", pointer="/starts")
    kept = {"starts": starts.isoformat(), "ends": None, "ground": paused.ground, "document": paused.document}
    before, record.pauses = record.due_on, [*record.pauses, kept]
    await _again(session, record)
    _tell(session, record, before, "paused", paused.document, by)


async def resume(session: Session, record: DeadlineRecord, document: str, *, by: Caller) -> None:
    """Let a stopped deadline run on from today: yesterday was the last day not counted.

    Raises:
        DeadlineNotPaused: no open pause holds it.
    """
    if not any(one["ends"] is None for one in record.pauses):
        raise DeadlineNotPaused
    yesterday = legal_day(session.now) - timedelta(days=1)
    before, record.pauses = record.due_on, [ended for one in record.pauses if (ended := _ended(one, yesterday))]
    await _again(session, record)
    _tell(session, record, before, "resumed", document, by)


async def extend(session: Session, record: DeadlineRecord, granted: Granted, *, by: Caller) -> None:
    """Extend a running deadline.

    Raises:
        DeadlineIsClosed: it is no longer running.
        DeadlineRefused: its rule does not allow this extension.
        GranterHandles: the caller handles the matter.
    """
    await _require_running(session, record, by)
    before = record.due_on
    record.extensions = [*record.extensions, extension_of(granted, legal_day(session.now))]
    await _again(session, record)
    _tell(session, record, before, "extended", granted.document, by)


async def _require_running(session: Session, record: DeadlineRecord, by: Caller) -> None:
    catch_up(session, record)
    if record.state not in (DeadlineState.RUNNING, DeadlineState.PAUSED):
        raise DeadlineIsClosed(state=record.state.value)
    require_not_barred(record, by)


def require_not_barred(record: DeadlineRecord, by: Caller) -> None:
    """Refuse who handles the matter.

    Raises:
        GranterHandles: it is the caller.
    """
    if by.subject in record.barred:
        raise GranterHandles


async def _again(session: Session, record: DeadlineRecord) -> None:
    """Compute anew; a refusal points at the field of the decision, not at its place among all that were kept."""
    calendar = await in_force(session)
    try:
        settle(record, recompute(record, calendar), session.now)
    except DeadlineRefused as refused:
        refused.pointer = f"/{(refused.pointer or '').rpartition('/')[2]}"
        raise


def _ended(pause: Document, day: date) -> Document | None:
    """The pause as it ends on `day`; None where it would end before it began, so that it never was one."""
    if pause["ends"] is not None:
        return pause
    return pause | {"ends": day.isoformat()} if pause["starts"] <= day.isoformat() else None


def _tell(session: Session, record: DeadlineRecord, before: date | None, act: str, document: str, by: Caller) -> None:
    history.note(session, record, act, by, before=before, document=document)
    move = Move(**events.about(record), before=before, reason=act, document=document)
    events.moved(session, [(record.office, move)])
