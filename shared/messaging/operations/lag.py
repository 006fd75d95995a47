"""What operators monitor: how far a service is behind in publishing and in consuming, and its dead letters."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.core.errors import NotFound
from shared.database.session import Database, driver
from shared.messaging import metrics
from shared.messaging.broker import Broker, OffsetReader, group_of
from shared.messaging.inbox import dead_letters

_FIELDS = """id, source, aggregate, sequence, event_id, type, reason, error, tries, created_at, next_try_at, resolved_at,
resolution, drop_reason, drop_requested_by"""
_OPEN = f"SELECT {_FIELDS} FROM dead_letter WHERE resolved_at IS NULL ORDER BY source, aggregate, sequence, id LIMIT $1"  # noqa: S608
_RESOLVED = f"SELECT {_FIELDS} FROM dead_letter WHERE resolved_at IS NOT NULL ORDER BY resolved_at DESC, id LIMIT $1"  # noqa: S608
_SINGLE = f"SELECT {_FIELDS}, message::text FROM dead_letter WHERE id = $1"  # noqa: S608


class TopicLag(BaseModel):
    """How many events of one topic a service has still to consume (消费滞后)."""

    topic: str
    events: int
    oldest_seconds: float


class Lag(BaseModel):
    """What a service has still to publish and to consume, and its dead letters by reason (消息滞后)."""

    outbox_events: int
    outbox_oldest_seconds: float
    topics: list[TopicLag]
    dead_letters: dict[str, int]


class DeadLetterRow(BaseModel):
    """A message that failed, is deferred behind another one, or is unreadable (死信消息)."""

    id: UUID
    source: str
    aggregate: str | None
    sequence: int | None
    event_id: UUID | None
    type: str | None
    reason: dead_letters.Reason
    error: str | None
    tries: int
    created_at: datetime
    next_try_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    drop_reason: str | None
    drop_requested_by: str | None


class DeadLetterEnvelope(DeadLetterRow):
    """A dead letter with its partition, offset and headers, without its content (死信消息信封)."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: dict[str, str]


class DeadLetterMessage(DeadLetterEnvelope):
    """A dead letter with its content: business data (死信消息原文)."""

    value: str | None


class NoSuchDeadLetter(NotFound):
    """There is no dead letter with this id."""

    code = "no-such-dead-letter"
    title_zh, title_en = "没有该死信消息", "There is no such dead letter"


async def lag(database: Database, broker: Broker, topics: Iterable[str]) -> Lag:
    """What a service has still to publish, and to consume of these topics.

    Raises:
        BrokerError: the broker does not answer.
    """
    backlog = await metrics.backlog(database)
    async with OffsetReader(broker, group=group_of(database.service)) as offsets:
        lags = {topic: await offsets.lag(topic) for topic in sorted(topics)}
    topic_lags = [TopicLag(topic=topic, events=events, oldest_seconds=age) for topic, (events, age) in lags.items()]
    return Lag(
        outbox_events=backlog.outbox_size,
        outbox_oldest_seconds=backlog.outbox_age,
        topics=topic_lags,
        dead_letters=backlog.dead_letters,
    )


async def list_dead_letters(session: AsyncSession, *, resolved: bool = False, limit: int = 100) -> list[DeadLetterRow]:
    """The unresolved dead letters, each aggregate in its order; or the resolved ones, the latest first."""
    rows = await (await driver(session)).fetch(_RESOLVED if resolved else _OPEN, limit)
    return [DeadLetterRow.model_validate(dict(row)) for row in rows]


async def dead_letter_envelope(session: AsyncSession, dead_letter_id: UUID) -> DeadLetterEnvelope:
    """One dead letter with its envelope.

    Raises:
        NoSuchDeadLetter: there is none with this id.
    """
    message = await dead_letter_message(session, dead_letter_id)
    return DeadLetterEnvelope.model_validate(message.model_dump(exclude={"value"}))


async def dead_letter_message(session: AsyncSession, dead_letter_id: UUID) -> DeadLetterMessage:
    """One dead letter with its content.

    Raises:
        NoSuchDeadLetter: there is none with this id.
    """
    row = await (await driver(session)).fetchrow(_SINGLE, dead_letter_id)
    if row is None:
        raise NoSuchDeadLetter
    record = dead_letters.unpack(row["message"])
    key, value = (None if part is None else part.decode(errors="replace") for part in (record.key, record.value))
    headers = {name: content.decode(errors="replace") for name, content in record.headers}
    position = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    return DeadLetterMessage.model_validate(dict(row) | position | {"key": key, "value": value, "headers": headers})
