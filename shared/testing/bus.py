"""Bringing the services of a test to agreement without a broker: a stand-in that `World.settle()` alone may use.

Only the broker is left out. Facts are read and moved by the relay's own statements, travel as the same records, and
are handled by the consumer's own dispatcher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from shared.database.session import Database, driver, transaction
from shared.events.base import topic_of
from shared.messaging.envelope import Fact, Record, headers_of
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.inbox.retry import Mender
from shared.messaging.outbox import store

BATCH = 1000
_offsets = count()


class HandlerFailedInTest(AssertionError):
    """An event could not take effect; the message holds what was parked and why."""


@dataclass(frozen=True)
class Listener:
    """A service that reacts."""

    database: Database
    handlers: Handlers


async def deliver_all(sources: Sequence[Database], listeners: Sequence[Listener]) -> int:
    """Carry facts until no service has any left to tell; returns how many were carried.

    Raises:
        HandlerFailedInTest: an event was parked.
    """
    carried = 0
    while told := [(source.service, facts) for source in sources if (facts := await _take_out(source))]:
        for owner, facts in told:
            carried += len(facts)
            await deliver([record_of(owner, fact) for fact in facts], listeners)
    return carried


async def deliver(records: Sequence[Record], listeners: Sequence[Listener]) -> None:
    """Hand records to every listener of their topic."""
    for listener in listeners:
        topics = {topic_of(event.owner) for event in listener.handlers}
        await Dispatcher(listener.database, listener.handlers).take([one for one in records if one.topic in topics])
        await Mender(listener.database, listener.handlers, pauses=()).mend()
        await _refuse_parked(listener.database)


def record_of(owner: str, fact: Fact) -> Record:
    """A fact as its owner's relay sends it."""
    key, value = fact.aggregate.encode(), fact.data.encode()
    return Record(topic_of(owner), 0, next(_offsets), key, value, headers_of(owner, fact))


async def _take_out(source: Database) -> list[Fact]:
    async with transaction(source) as session:
        connection = await driver(session)
        facts = await store.unsent(connection, BATCH)
        if facts:
            await store.ensure_month(connection, session.now)
            await store.move(connection, [fact.id for fact in facts], session.now)
        return facts


async def _refuse_parked(database: Database) -> None:
    query = "SELECT type, aggregate, sequence, error FROM parked_event WHERE resolved_at IS NULL"
    async with transaction(database) as session:
        rows = await (await driver(session)).fetch(query)
    if rows:
        raise HandlerFailedInTest(f"parked in {database.service}: {[tuple(row) for row in rows]}")
