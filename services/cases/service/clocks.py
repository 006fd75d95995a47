"""The clocks of a case or transfer: started, stopped for a while, extended and met with its steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from services.cases import queries
from services.cases.models import Clock, Document
from services.cases.rules import clocks
from shared.clock import legal_day
from shared.db import Session
from shared.ids import new_id


async def start(session: Session, subject_id: UUID, codes: Iterable[str], triggers: Mapping[str, str] | None = None) -> None:
    """Start these clocks now, or at the trigger that the act names."""
    for code in codes:
        trigger = (triggers or {}).get(code) or clocks.trigger(code, session.now).isoformat()
        clock = Clock(id=new_id(), subject_id=subject_id, code=code, trigger=trigger, due_on=None, overdue_from=None)
        _recompute(clock)
        session.add(clock)


async def meet(session: Session, subject_id: UUID, codes: Sequence[str]) -> None:
    """The acts that these clocks waited for have happened."""
    for clock in await _running(session, subject_id, codes):
        clock.met_at = session.now


async def pause(session: Session, subject_id: UUID, ground: str, document: str) -> None:
    """Stop every running clock that may stand still on this ground, from today."""
    pause_from = legal_day(session.now).isoformat()
    for clock in await _running(session, subject_id):
        if clocks.knows_pause(clock.code, ground):
            kept = {"starts": pause_from, "ends": None, "ground": ground, "document": document}
            clock.pauses = [*clock.pauses, kept]
            _recompute(clock)


async def resume(session: Session, subject_id: UUID) -> None:
    """Let stopped clocks run on from today: yesterday was the last day not counted."""
    yesterday = legal_day(session.now) - timedelta(days=1)
    for clock in await _running(session, subject_id):
        if any(each["ends"] is None for each in clock.pauses):
            clock.pauses = [_ended(each, yesterday) for each in clock.pauses]
            _recompute(clock)


async def extend(session: Session, subject_id: UUID, code: str, granted: Document) -> Clock:
    """Extend a running clock.

    Raises:
        DeadlineNotFound: no such clock runs.
        DeadlineRefused: its rule does not allow this extension.
    """
    clock = await queries.running_clock(session, subject_id, code)
    clock.extensions = [*clock.extensions, granted]
    _recompute(clock)
    return clock


async def last_days(session: Session, subject_id: UUID) -> dict[str, date | None]:
    """The last day of each running clock."""
    return {clock.code: clock.due_on for clock in await _running(session, subject_id)}


async def _running(session: Session, subject_id: UUID, codes: Sequence[str] | None = None) -> Sequence[Clock]:
    await session.flush()
    query = select(Clock).where(col(Clock.subject_id) == subject_id, col(Clock.met_at).is_(None)).order_by(col(Clock.id))
    return (await session.exec(query if codes is None else query.where(col(Clock.code).in_(codes)))).all()


def _ended(pause: Document, day: date) -> Document:
    return pause if pause["ends"] else pause | {"ends": max(pause["starts"], day.isoformat())}


def _recompute(clock: Clock) -> None:
    deadline = clocks.compute(clock.code, clock.trigger, clock.pauses, clock.extensions)
    clock.due_on, clock.overdue_from = deadline.due_day, deadline.overdue_from
