"""Reconciliation: the events that a service published and handled in a period, with a digest for each type.

Where the digests of both sides are equal, no event was lost. An event id begins with the machine's instant of its creation, so
publisher and consumer select the same period from their tables.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from asyncpg import Connection
from pydantic import BaseModel

from shared.database.session import Database, driver, reading
from shared.events.base import Event
from shared.messaging.metrics import UUID7_MILLISECONDS

_PUBLISHED = """
SELECT $3::text, type, event_id, aggregate, sequence, false FROM event_log WHERE event_id >= $1 AND event_id < $2 UNION ALL
SELECT $3, type, event_id, aggregate, sequence, false FROM outbox WHERE event_id >= $1 AND event_id < $2 ORDER BY event_id
"""
_HANDLED = """
SELECT source, type, event_id, aggregate, sequence, false FROM inbox WHERE event_id >= $1 AND event_id < $2 UNION ALL
SELECT source, type, event_id, aggregate, sequence, true FROM dead_letter
WHERE event_id >= $1 AND event_id < $2 AND resolution = 'dropped' ORDER BY event_id
"""
_ROWS = 5000


class EventDigest(BaseModel):
    """Events of one type: how many, and the SHA-256 of their ids, aggregates and sequence numbers in the order of the ids."""

    source: str
    type: str
    events: int
    dropped: int
    digest: str


class Reconciliation(BaseModel):
    """What a service published and handled of the events created in a period, and the types it consumes (消息对账)."""

    since: datetime
    until: datetime
    published: list[EventDigest]
    handled: list[EventDigest]
    consumes: list[str]


@dataclass
class _Sum:
    events: int = 0
    dropped: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


async def reconciliation(database: Database, consumes: Iterable[type[Event]], since: datetime, until: datetime) -> Reconciliation:
    """Sum up the events whose ids were created from `since` on and before `until`; those that two persons dropped are handled."""
    async with reading(database) as session:
        connection = await driver(session)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            published = await _digests(connection, _PUBLISHED, first_id(since), first_id(until), database.service)
            handled = await _digests(connection, _HANDLED, first_id(since), first_id(until))
    types = sorted(event.type_name() for event in consumes)
    return Reconciliation(since=since, until=until, published=published, handled=handled, consumes=types)


async def _digests(connection: Connection, query: str, *arguments: object) -> list[EventDigest]:
    sums: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    rows = connection.cursor(query, *arguments, prefetch=_ROWS)
    async for source, type_name, event_id, aggregate, sequence, dropped in rows:
        total = sums[source, type_name]
        total.events += 1
        total.dropped += dropped
        total.digest.update(f"{event_id} {sequence} {aggregate}\n".encode())
    return [
        EventDigest(source=source, type=type_name, events=total.events, dropped=total.dropped, digest=total.digest.hexdigest())
        for (source, type_name), total in sorted(sums.items())
    ]


def first_id(at: datetime) -> UUID:
    """The smallest id that can be created at this instant."""
    return UUID(int=int(at.timestamp() * 1000) << UUID7_MILLISECONDS)
