"""What operators do about dead letters and lost events. Every action is audited; a drop takes two persons."""

from uuid import UUID

from asyncpg import Record

from shared.core.errors import DomainError
from shared.database.session import Session, driver
from shared.messaging.inbox import dead_letters, deduplication
from shared.messaging.inbox.batch import lock_streams
from shared.messaging.inbox.dead_letters import Reason
from shared.messaging.inbox.deduplication import Stream, StreamPosition
from shared.messaging.operations.lag import NoSuchDeadLetter
from shared.messaging.outbox import replay
from shared.messaging.outbox.replay import ReplayReason, ReplayScope
from shared.security import audit
from shared.security.auth import Caller

_LOCKED = "SELECT * FROM dead_letter WHERE id = $1 FOR UPDATE"
_STREAM = "SELECT source, aggregate FROM dead_letter WHERE id = $1"
_RETRY = "UPDATE dead_letter SET reason = 'retrying', tries = 0, next_try_at = now() WHERE id = $1"
_REQUEST_DROP = "UPDATE dead_letter SET drop_reason = $2, drop_requested_by = $3 WHERE id = $1"
_DROP_UNREADABLE = "UPDATE dead_letter SET resolved_at = $2, resolution = 'dropped' WHERE id = $1"


class DeadLetterResolved(DomainError):
    """The dead letter has been resolved."""

    code = "dead-letter-resolved"
    title_zh, title_en = "该死信消息已处理", "The dead letter has been resolved"


class OutOfSequence(DomainError):
    """An earlier event of the same aggregate is missing or a dead letter."""

    code = "out-of-sequence"
    title_zh, title_en = "同一对象的较早消息尚未处理", "An earlier event of the same aggregate comes first"


class NotRetryable(DomainError):
    """The envelope of the message is unreadable, so there is nothing to retry."""

    code = "not-retryable"
    title_zh, title_en = "消息无法识别，不能重试", "An unreadable message cannot be retried"


class DropNotRequested(DomainError):
    """Nobody has requested, with a reason, that this event be dropped."""

    code = "drop-not-requested"
    title_zh, title_en = "尚无人说明理由申请丢弃", "Nobody has requested this drop and given a reason"


class SecondPersonRequired(DomainError):
    """The person who requested a drop cannot also agree to it."""

    code = "second-person-required"
    title_zh, title_en = "须由另一人确认丢弃", "Another person has to agree to the drop"


async def retry(session: Session, dead_letter_id: UUID, by: Caller) -> None:
    """Have a failed event retried, with a full number of tries; those deferred behind it follow.

    Raises:
        NoSuchDeadLetter, DeadLetterResolved, OutOfSequence: it is not the first unresolved event of its aggregate.
        NotRetryable: its envelope is unreadable.
    """
    row = await _first_of_stream(session, dead_letter_id)
    if row["reason"] == Reason.UNREADABLE:
        raise NotRetryable
    await (await driver(session)).execute(_RETRY, dead_letter_id)
    audit.record(session, by, "dead_letter.retried", dead_letter_id, **_identity(row))


async def request_drop(session: Session, dead_letter_id: UUID, reason: str, by: Caller) -> None:
    """Request that an event never be handled here, and say why; another person has to agree.

    Raises:
        NoSuchDeadLetter, DeadLetterResolved, OutOfSequence: it is not the first unresolved event of its aggregate.
    """
    row = await _first_of_stream(session, dead_letter_id)
    await (await driver(session)).execute(_REQUEST_DROP, dead_letter_id, reason, by.subject)
    audit.record(session, by, "dead_letter.drop_requested", dead_letter_id, reason=reason, **_identity(row))


async def drop(session: Session, dead_letter_id: UUID, by: Caller) -> None:
    """Agree to a drop: the event is never handled here, and those deferred behind it follow.

    Raises:
        NoSuchDeadLetter, DeadLetterResolved, OutOfSequence: it is not the first unresolved event of its aggregate.
        DropNotRequested, SecondPersonRequired: no other person has requested it.
    """
    row = await _first_of_stream(session, dead_letter_id)
    if row["drop_requested_by"] is None:
        raise DropNotRequested
    if row["drop_requested_by"] == by.subject:
        raise SecondPersonRequired
    await _resolve_as_dropped(session, row)
    request = {"reason": row["drop_reason"], "requested_by": row["drop_requested_by"]}
    audit.record(session, by, "dead_letter.dropped", dead_letter_id, **request, **_identity(row))


async def request_replay(session: Session, scope: ReplayScope, by: Caller) -> None:
    """Have this service's relay publish events again; consumers skip those that they have handled."""
    await replay.request(await driver(session), ReplayReason.OPERATOR, scope, session.now)
    limits = {
        "from": _text(scope.logged_from),
        "until": _text(scope.logged_until),
        "first_sequence": scope.first_sequence,
    }
    audit.record(session, by, "events.replayed", scope.aggregate or "all", **limits)


async def _first_of_stream(session: Session, dead_letter_id: UUID) -> Record:
    """The dead letter, locked, of whose stream no earlier event is missing or unresolved."""
    connection = await driver(session)
    stream = await connection.fetchrow(_STREAM, dead_letter_id)
    if stream is None:
        raise NoSuchDeadLetter
    position = await _lock(session, (stream[0], stream[1]))
    row = await connection.fetchrow(_LOCKED, dead_letter_id)
    if row is None or row["resolved_at"] is not None:
        raise DeadLetterResolved
    if position is not None and row["sequence"] != position.sequence + 1:
        raise OutOfSequence
    return row


async def _lock(session: Session, stream: Stream | tuple[str, None]) -> StreamPosition | None:
    source, aggregate = stream
    return None if aggregate is None else (await lock_streams(session, [(source, aggregate)]))[source, aggregate]


async def _resolve_as_dropped(session: Session, row: Record) -> None:
    connection = await driver(session)
    if row["aggregate"] is None:
        await connection.execute(_DROP_UNREADABLE, row["id"], session.now)
        return
    stream = (row["source"], row["aggregate"])
    await deduplication.advance(connection, {stream: StreamPosition(row["sequence"], blocked=True)})
    await dead_letters.resolve(connection, stream, row["sequence"], "dropped", session.now)


def _identity(row: Record) -> dict[str, object]:
    event_id = None if row["event_id"] is None else str(row["event_id"])
    return {"source": row["source"], "aggregate": row["aggregate"], "sequence": row["sequence"], "event_id": event_id}


def _text(instant: object) -> str | None:
    return None if instant is None else str(instant)
