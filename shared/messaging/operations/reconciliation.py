"""What a service has told and heard in a period, each with a digest: two accounts that agree prove that nothing was lost.

An event id begins with the machine's instant of its making, so teller and listener cut the same period out of their tables.
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

_TOLD = """
SELECT $3::text, type, event_id, aggregate, sequence, false FROM event_log WHERE event_id >= $1 AND event_id < $2 UNION ALL
SELECT $3, type, event_id, aggregate, sequence, false FROM outbox WHERE event_id >= $1 AND event_id < $2 ORDER BY event_id
"""
_HEARD = """
SELECT source, type, event_id, aggregate, sequence, false FROM inbox WHERE event_id >= $1 AND event_id < $2 UNION ALL
SELECT source, type, event_id, aggregate, sequence, true FROM parked_event
WHERE event_id >= $1 AND event_id < $2 AND resolution = 'dropped' ORDER BY event_id
"""
_ROWS = 5000


class Entry(BaseModel):
    """Events of one type: how many, and the SHA-256 of their ids, aggregates and sequence numbers in the order of the ids."""

    source: str
    type: str
    events: int
    dropped: int
    digest: str


class Account(BaseModel):
    """What a service told and heard of events made in a period (消息对账)."""

    since: datetime
    until: datetime
    told: list[Entry]
    heard: list[Entry]
    listens: list[str]


@dataclass
class _Sum:
    events: int = 0
    dropped: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


async def account(database: Database, listens: Iterable[type[Event]], since: datetime, until: datetime) -> Account:
    """Sum up the events whose ids were made from `since` on and before `until`; what two persons dropped counts as heard."""
    async with reading(database) as session:
        connection = await driver(session)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            told = await _entries(connection, _TOLD, first_id(since), first_id(until), database.service)
            heard = await _entries(connection, _HEARD, first_id(since), first_id(until))
    types = sorted(event.type_name() for event in listens)
    return Account(since=since, until=until, told=told, heard=heard, listens=types)


async def _entries(connection: Connection, query: str, *arguments: object) -> list[Entry]:
    sums: defaultdict[tuple[str, str], _Sum] = defaultdict(_Sum)
    async for source, kind, event_id, aggregate, sequence, dropped in connection.cursor(query, *arguments, prefetch=_ROWS):
        one = sums[source, kind]
        one.events += 1
        one.dropped += dropped
        one.digest.update(f"{event_id} {sequence} {aggregate}\n".encode())
    return [
        Entry(source=source, type=kind, events=one.events, dropped=one.dropped, digest=one.digest.hexdigest())
        for (source, kind), one in sorted(sums.items())
    ]


def first_id(at: datetime) -> UUID:
    """The smallest id that can be made at this instant."""
    return UUID(int=int(at.timestamp() * 1000) << UUID7_MILLISECONDS)
