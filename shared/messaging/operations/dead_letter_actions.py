"""What operators do about parked and lost events. Every act is audited; a drop takes two persons."""

from uuid import UUID

from asyncpg import Record

from shared.core.errors import DomainError
from shared.database.session import Session, driver
from shared.messaging.inbox import dead_letters, deduplication
from shared.messaging.inbox.batch import lock_streams
from shared.messaging.inbox.dead_letters import Reason
from shared.messaging.inbox.deduplication import Position, Stream
from shared.messaging.operations.lag import NoSuchParkedEvent
from shared.messaging.outbox import replay
from shared.messaging.outbox.replay import Scope, Why
from shared.security import audit
from shared.security.auth import Caller

_LOCKED = "SELECT * FROM parked_event WHERE id = $1 FOR UPDATE"
_STREAM = "SELECT source, aggregate FROM parked_event WHERE id = $1"
_RETRY = "UPDATE parked_event SET reason = 'retrying', tries = 0, next_try_at = now() WHERE id = $1"
_ASK = "UPDATE parked_event SET drop_ground = $2, drop_asked_by = $3 WHERE id = $1"
_DROP_UNREADABLE = "UPDATE parked_event SET resolved_at = $2, resolution = 'dropped' WHERE id = $1"


class ParkedEventResolved(DomainError):
    """The event is no longer parked."""

    code = "parked-event-resolved"
    title_zh, title_en = "该消息已处理，不再搁置", "The event is no longer parked"


class NotItsTurn(DomainError):
    """An earlier event of the same aggregate is missing or parked."""

    code = "not-its-turn"
    title_zh, title_en = "同一对象的较早消息尚未处理", "An earlier event of the same aggregate comes first"


class CannotBeRetried(DomainError):
    """The envelope of the message cannot be believed, so there is nothing to try."""

    code = "cannot-be-retried"
    title_zh, title_en = "消息无法识别，不能重试", "An unreadable message cannot be tried again"


class DropNotAsked(DomainError):
    """Nobody has asked, with a ground, that this event be dropped."""

    code = "drop-not-asked"
    title_zh, title_en = "尚无人说明理由申请丢弃", "Nobody has asked for this drop and given a ground"


class SecondPersonRequired(DomainError):
    """Who asked for a drop cannot also agree to it."""

    code = "second-person-required"
    title_zh, title_en = "须由另一人确认丢弃", "Another person has to agree to the drop"


async def retry(session: Session, parked_id: UUID, by: Caller) -> None:
    """Have a failed event tried again, with a full number of tries; what waits behind it follows.

    Raises:
        NoSuchParkedEvent, ParkedEventResolved, NotItsTurn, CannotBeRetried: it is not a failed event whose turn it is.
    """
    row = await _its_turn(session, parked_id)
    if row["reason"] == Reason.UNREADABLE:
        raise CannotBeRetried
    await (await driver(session)).execute(_RETRY, parked_id)
    audit.record(session, by, "event.retried", parked_id, **_identity(row))


async def ask_drop(session: Session, parked_id: UUID, ground: str, by: Caller) -> None:
    """Ask that an event never take effect here, and say why; another person has to agree.

    Raises:
        NoSuchParkedEvent, ParkedEventResolved, NotItsTurn: it is not a parked event whose turn it is.
    """
    row = await _its_turn(session, parked_id)
    await (await driver(session)).execute(_ASK, parked_id, ground, by.subject)
    audit.record(session, by, "event.drop-asked", parked_id, ground=ground, **_identity(row))


async def drop(session: Session, parked_id: UUID, by: Caller) -> None:
    """Agree to a drop: the event never takes effect here, and what waits behind it follows.

    Raises:
        NoSuchParkedEvent, ParkedEventResolved, NotItsTurn: it is not a parked event whose turn it is.
        DropNotAsked, SecondPersonRequired: no other person has asked for it.
    """
    row = await _its_turn(session, parked_id)
    if row["drop_asked_by"] is None:
        raise DropNotAsked
    if row["drop_asked_by"] == by.subject:
        raise SecondPersonRequired
    await _resolve_as_dropped(session, row)
    asked = {"ground": row["drop_ground"], "asked_by": row["drop_asked_by"]}
    audit.record(session, by, "event.dropped", parked_id, **asked, **_identity(row))


async def replay_again(session: Session, scope: Scope, by: Caller) -> None:
    """Have this service's relay tell facts again; listeners drop what they have had."""
    await replay.order(await driver(session), Why.OPERATOR, scope, session.now)
    limits = {
        "from": _text(scope.logged_from),
        "until": _text(scope.logged_until),
        "first_sequence": scope.first_sequence,
    }
    audit.record(session, by, "events.replayed", scope.aggregate or "all", **limits)


async def _its_turn(session: Session, parked_id: UUID) -> Record:
    """The parked event, locked, of which no earlier one is open."""
    connection = await driver(session)
    found = await connection.fetchrow(_STREAM, parked_id)
    if found is None:
        raise NoSuchParkedEvent
    position = await _lock(session, (found[0], found[1]))
    row = await connection.fetchrow(_LOCKED, parked_id)
    if row is None or row["resolved_at"] is not None:
        raise ParkedEventResolved
    if position is not None and row["sequence"] != position.sequence + 1:
        raise NotItsTurn
    return row


async def _lock(session: Session, stream: Stream | tuple[str, None]) -> Position | None:
    source, aggregate = stream
    return None if aggregate is None else (await lock_streams(session, [(source, aggregate)]))[source, aggregate]


async def _resolve_as_dropped(session: Session, row: Record) -> None:
    connection = await driver(session)
    if row["aggregate"] is None:
        await connection.execute(_DROP_UNREADABLE, row["id"], session.now)
        return
    stream = (row["source"], row["aggregate"])
    await deduplication.advance(connection, {stream: Position(row["sequence"], parked=True)})
    await dead_letters.resolve(connection, stream, row["sequence"], "dropped", session.now)


def _identity(row: Record) -> dict[str, object]:
    event_id = None if row["event_id"] is None else str(row["event_id"])
    return {"source": row["source"], "aggregate": row["aggregate"], "sequence": row["sequence"], "event_id": event_id}


def _text(instant: object) -> str | None:
    return None if instant is None else str(instant)
