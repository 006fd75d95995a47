"""Delivery of events between the services of a test without a broker: a stand-in that `World.settle()` alone may use.

Only the broker is left out. Events are read and moved by the relay's own statements, travel as the same records, and are
handled by the consumer's own dispatcher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from shared.database.session import Database, driver, transaction
from shared.events.base import topic_of
from shared.messaging.envelope import Record, StoredEvent, headers_of
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.inbox.retry import RetryWorker
from shared.messaging.outbox import store

BATCH = 1000
_offsets = count()


class HandlerFailedInTest(AssertionError):
    """An event could not be handled; the message holds the dead letters with their errors."""


@dataclass(frozen=True)
class Subscriber:
    """A service that consumes events: its database and its handlers."""

    database: Database
    handlers: Handlers


async def deliver_all(sources: Sequence[Database], subscribers: Sequence[Subscriber]) -> int:
    """Deliver events until no service has any left to publish; returns how many were delivered.

    Raises:
        HandlerFailedInTest: an event became a dead letter.
    """
    delivered = 0
    while published := [(source.service, events) for source in sources if (events := await _take_out(source))]:
        for owner, events in published:
            delivered += len(events)
            await deliver([record_of(owner, event) for event in events], subscribers)
    return delivered


async def deliver(records: Sequence[Record], subscribers: Sequence[Subscriber]) -> None:
    """Hand records to every subscriber of their topic.

    Raises:
        HandlerFailedInTest: an event became a dead letter.
    """
    for subscriber in subscribers:
        topics = {topic_of(event.owner) for event in subscriber.handlers}
        dispatcher = Dispatcher(subscriber.database, subscriber.handlers)
        await dispatcher.handle([record for record in records if record.topic in topics])
        await RetryWorker(subscriber.database, subscriber.handlers, pauses=()).retry_due()
        await _raise_on_dead_letters(subscriber.database)


def record_of(owner: str, event: StoredEvent) -> Record:
    """An event as its owner's relay sends it."""
    key, value = event.aggregate.encode(), event.data.encode()
    return Record(topic_of(owner), 0, next(_offsets), key, value, headers_of(owner, event))


async def _take_out(source: Database) -> list[StoredEvent]:
    async with transaction(source) as session:
        connection = await driver(session)
        events = await store.unsent(connection, BATCH)
        if events:
            await store.ensure_month(connection, session.now)
            await store.move(connection, [event.id for event in events], session.now)
        return events


async def _raise_on_dead_letters(database: Database) -> None:
    query = "SELECT type, aggregate, sequence, error FROM dead_letter WHERE resolved_at IS NULL"
    async with transaction(database) as session:
        rows = await (await driver(session)).fetch(query)
    if rows:
        raise HandlerFailedInTest(f"dead letters of {database.service}: {[tuple(row) for row in rows]}")
