"""What operators look at: how far a service is behind in telling and in hearing, and what is parked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.core.errors import NotFound
from shared.database.session import Database, driver
from shared.messaging import metrics
from shared.messaging.broker import Broker, Survey, group_of
from shared.messaging.inbox import dead_letters

_FIELDS = """id, source, aggregate, sequence, event_id, type, reason, error, tries, parked_at, next_try_at, resolved_at,
resolution, drop_ground, drop_asked_by"""
_OPEN = f"SELECT {_FIELDS} FROM parked_event WHERE resolved_at IS NULL ORDER BY source, aggregate, sequence, id LIMIT $1"  # noqa: S608
_RESOLVED = f"SELECT {_FIELDS} FROM parked_event WHERE resolved_at IS NOT NULL ORDER BY resolved_at DESC, id LIMIT $1"  # noqa: S608
_ONE = f"SELECT {_FIELDS}, message::text FROM parked_event WHERE id = $1"  # noqa: S608


class TopicLag(BaseModel):
    """What a service has still to hear of one topic (消费滞后)."""

    topic: str
    events: int
    oldest_seconds: float


class Lag(BaseModel):
    """What a service has still to tell and to hear (消息滞后)."""

    outbox_events: int
    outbox_oldest_seconds: float
    topics: list[TopicLag]
    parked: dict[str, int]


class ParkedEvent(BaseModel):
    """A message that was set aside (搁置消息)."""

    id: UUID
    source: str
    aggregate: str | None
    sequence: int | None
    event_id: UUID | None
    type: str | None
    reason: dead_letters.Reason
    error: str | None
    tries: int
    parked_at: datetime
    next_try_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    drop_ground: str | None
    drop_asked_by: str | None


class ParkedEnvelope(ParkedEvent):
    """The same with where and under which headers it came, without its content (搁置消息信封)."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: dict[str, str]


class ParkedMessage(ParkedEnvelope):
    """The same with the content: business data (搁置消息原文)."""

    value: str | None


class NoSuchParkedEvent(NotFound):
    """There is no parked event with this id."""

    code = "no-such-parked-event"
    title_zh, title_en = "没有该搁置消息", "There is no such parked event"


async def lag(database: Database, broker: Broker, topics: Iterable[str]) -> Lag:
    """What a service has still to tell, and to hear of these topics.

    Raises:
        BrokerError: the broker does not answer.
    """
    known = await metrics.look(database)
    async with Survey(broker, group=group_of(database.service)) as survey:
        heard = {topic: await survey.waiting(topic) for topic in sorted(topics)}
    behind = [TopicLag(topic=topic, events=found[0], oldest_seconds=found[1]) for topic, found in heard.items()]
    return Lag(outbox_events=known.size, outbox_oldest_seconds=known.age, topics=behind, parked=known.parked)


async def parked_events(session: AsyncSession, *, resolved: bool = False, limit: int = 100) -> list[ParkedEvent]:
    """What is parked, each aggregate in its order; or what no longer is, the latest first."""
    rows = await (await driver(session)).fetch(_RESOLVED if resolved else _OPEN, limit)
    return [ParkedEvent.model_validate(dict(row)) for row in rows]


async def parked_envelope(session: AsyncSession, parked_id: UUID) -> ParkedEnvelope:
    """One parked event with its envelope.

    Raises:
        NoSuchParkedEvent: there is none with this id.
    """
    return ParkedEnvelope.model_validate((await parked_message(session, parked_id)).model_dump(exclude={"value"}))


async def parked_message(session: AsyncSession, parked_id: UUID) -> ParkedMessage:
    """One parked event with its message.

    Raises:
        NoSuchParkedEvent: there is none with this id.
    """
    row = await (await driver(session)).fetchrow(_ONE, parked_id)
    if row is None:
        raise NoSuchParkedEvent
    record = dead_letters.unpack(row["message"])
    key, value = (None if part is None else part.decode(errors="replace") for part in (record.key, record.value))
    headers = {name: content.decode(errors="replace") for name, content in record.headers}
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    return ParkedMessage.model_validate(dict(row) | place | {"key": key, "value": value, "headers": headers})
