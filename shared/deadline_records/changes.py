"""A deadline is paused, resumed or extended, as its rule allows."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from shared.core.clock import legal_day
from shared.database.session import Session
from shared.deadline_records import events, history
from shared.deadline_records.calendars import in_force
from shared.deadline_records.computation import Document, Granted, Paused, apply_computed, extension_document, recompute, rules
from shared.deadline_records.errors import DeadlineIsClosed, DeadlineNotPaused, GranterHandles
from shared.deadline_records.pending_warnings import publish_pending
from shared.deadline_records.tables import OPEN, DeadlineRecord
from shared.deadlines.errors import DeadlineError, InvalidPause
from shared.events.deadlines import Move
from shared.security.auth import Caller
from shared.vocabulary import DeadlineState


async def open_deadlines_of(session: Session, subject_id: UUID, codes: Sequence[str] | None = None) -> Sequence[DeadlineRecord]:
    """The open deadlines of a subject, locked, oldest first."""
    await session.flush()
    query = select(DeadlineRecord).where(col(DeadlineRecord.subject_id) == subject_id, col(DeadlineRecord.state).in_(OPEN))
    if codes is not None:
        query = query.where(col(DeadlineRecord.code).in_(codes))
    return (await session.exec(query.order_by(col(DeadlineRecord.id)).with_for_update())).all()


def may_pause(record: DeadlineRecord, ground: str) -> bool:
    """Whether the deadline runs and its rule allows pauses on the ground."""
    return record.state is DeadlineState.RUNNING and ground in rules().versions(record.code)[-1].pauses


async def pause(session: Session, record: DeadlineRecord, paused: Paused, *, by: Caller) -> None:
    """Pause a deadline from the day named, by default today.

    Raises:
        DeadlineIsClosed: it is no longer running.
        DeadlineError: its rule allows no such pause, or the day lies before the trigger or in the future.
        GranterHandles: the caller handles the matter.
    """
    await _require_running(session, record, by)
    today = legal_day(session.now)
    starts = paused.starts or today
    if starts > today:
        raise InvalidPause("扣除期间不得预先开始 / a pause cannot begin in the future", pointer="/starts")
    document = {"starts": starts.isoformat(), "ends": None, "ground": paused.ground, "document": paused.document}
    before, record.pauses = record.due_on, [*record.pauses, document]
    await _recompute(session, record)
    _publish_move(session, record, before, "paused", paused.document, by)


async def resume(session: Session, record: DeadlineRecord, document: str, *, by: Caller) -> None:
    """Let a paused deadline run on from today: yesterday was the last day not counted.

    Raises:
        DeadlineNotPaused: no open pause holds it.
    """
    if not any(pause["ends"] is None for pause in record.pauses):
        raise DeadlineNotPaused
    yesterday = legal_day(session.now) - timedelta(days=1)
    before, record.pauses = record.due_on, [ended for pause in record.pauses if (ended := _ended(pause, yesterday))]
    await _recompute(session, record)
    _publish_move(session, record, before, "resumed", document, by)


async def extend(session: Session, record: DeadlineRecord, granted: Granted, *, by: Caller) -> None:
    """Extend a running deadline.

    Raises:
        DeadlineIsClosed: it is no longer running.
        DeadlineError: its rule does not allow this extension.
        GranterHandles: the caller handles the matter.
    """
    await _require_running(session, record, by)
    before = record.due_on
    record.extensions = [*record.extensions, extension_document(granted, legal_day(session.now))]
    await _recompute(session, record)
    _publish_move(session, record, before, "extended", granted.document, by)


async def _require_running(session: Session, record: DeadlineRecord, by: Caller) -> None:
    publish_pending(session, record)
    if record.state not in (DeadlineState.RUNNING, DeadlineState.PAUSED):
        raise DeadlineIsClosed(state=record.state.value)
    require_not_excluded(record, by)


def require_not_excluded(record: DeadlineRecord, by: Caller) -> None:
    """Check that the caller does not handle the matter.

    Raises:
        GranterHandles: the caller handles it.
    """
    if by.subject in record.excluded_subjects:
        raise GranterHandles


async def _recompute(session: Session, record: DeadlineRecord) -> None:
    """Compute again; an error points at the field of the decision, not at its index among all that are stored."""
    calendar = await in_force(session)
    try:
        apply_computed(record, recompute(record, calendar), session.now)
    except DeadlineError as error:
        error.pointer = f"/{(error.pointer or '').rpartition('/')[2]}"
        raise


def _ended(pause: Document, day: date) -> Document | None:
    """The pause as it ends on `day`; None where it would end before it began."""
    if pause["ends"] is not None:
        return pause
    return pause | {"ends": day.isoformat()} if pause["starts"] <= day.isoformat() else None


def _publish_move(session: Session, record: DeadlineRecord, before: date | None, act: str, document: str, by: Caller) -> None:
    history.add_entry(session, record, act, by, before=before, document=document)
    move = Move(**events.reference_fields(record), before=before, reason=act, document=document)
    events.publish_moves(session, [(record.office, move)])
