"""Handling each event once and in order: the sequence number each stream has come to, and the inbox row of each event handled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from asyncpg import Connection

from shared.messaging.envelope import EventMessage

Stream = tuple[str, str]
"""A source and one of its aggregates."""

_LOCK = """
INSERT INTO inbox_sequence AS current (source, aggregate, sequence)
SELECT source, aggregate, 0 FROM unnest($1::text[], $2::text[]) AS new (source, aggregate) ORDER BY source, aggregate
ON CONFLICT (source, aggregate) DO UPDATE SET sequence = current.sequence
RETURNING source, aggregate, sequence, blocked
"""
"""Whoever else handles one of these streams, as a consumer that lost its partition may, waits. Sorted, so nothing deadlocks."""

_READ = """
SELECT source, aggregate, sequence, blocked FROM inbox_sequence
JOIN unnest($1::text[], $2::text[]) AS requested (source, aggregate) USING (source, aggregate)
"""

_CLAIM_EXISTING = """
UPDATE inbox_sequence AS current SET sequence = new.sequence
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS new (source, aggregate, sequence, before)
WHERE current.source = new.source AND current.aggregate = new.aggregate AND current.sequence = new.before
  AND NOT current.blocked
"""

_CLAIM_NEW = """
INSERT INTO inbox_sequence AS current (source, aggregate, sequence)
SELECT source, aggregate, sequence FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (source, aggregate, sequence)
ORDER BY source, aggregate
ON CONFLICT (source, aggregate) DO UPDATE SET sequence = excluded.sequence WHERE current.sequence = 0 AND NOT current.blocked
"""

_ADVANCE = """
UPDATE inbox_sequence AS current SET sequence = new.sequence
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (source, aggregate, sequence)
WHERE current.source = new.source AND current.aggregate = new.aggregate
"""

_WITHOUT_EFFECT = """
SELECT event_id FROM unnest($1::uuid[]) AS repeated (event_id)
WHERE NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = repeated.event_id)
"""

_CONTRADICTING = """
SELECT new.event_id FROM inbox JOIN unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[])
AS new (source, aggregate, sequence, event_id) USING (source, aggregate, sequence) WHERE inbox.event_id <> new.event_id
"""

_COLUMNS = ("event_id", "source", "aggregate", "sequence", "type", "handled_at")


class SequenceCheck(Enum):
    """How a message's sequence number relates to the position of its stream."""

    NEXT = auto()
    DUPLICATE = auto()
    TOO_EARLY = auto()


@dataclass(slots=True)
class StreamPosition:
    """The last sequence number handled of a stream, and whether unresolved dead letters block it."""

    sequence: int
    blocked: bool

    def check(self, sequence: int) -> SequenceCheck:
        """Whether the message with this number is the next one."""
        if sequence <= self.sequence:
            return SequenceCheck.DUPLICATE
        return SequenceCheck.NEXT if sequence == self.sequence + 1 else SequenceCheck.TOO_EARLY


async def lock(connection: Connection, streams: Iterable[Stream]) -> dict[Stream, StreamPosition]:
    """Lock these streams until the transaction ends, and read their positions."""
    distinct = set(streams)
    rows = await connection.fetch(_LOCK, [source for source, _ in distinct], [aggregate for _, aggregate in distinct])
    return {(row[0], row[1]): StreamPosition(row[2], row[3]) for row in rows}


async def read(connection: Connection, streams: Iterable[Stream]) -> dict[Stream, StreamPosition]:
    """The positions of these streams, without locks: whoever goes on from there has to `claim`."""
    distinct = set(streams)
    rows = await connection.fetch(_READ, [source for source, _ in distinct], [aggregate for _, aggregate in distinct])
    existing = {(row[0], row[1]): StreamPosition(row[2], row[3]) for row in rows}
    return {stream: existing.get(stream) or StreamPosition(0, blocked=False) for stream in distinct}


async def claim(connection: Connection, before: dict[Stream, int], positions: dict[Stream, StreamPosition]) -> bool:
    """Save the positions of these streams; False when another consumer has moved or blocked one since `before`."""
    moved = [
        (*stream, positions[stream].sequence, sequence)
        for stream, sequence in before.items()
        if positions[stream].sequence != sequence
    ]
    new = [row[:3] for row in moved if not row[3]]
    existing = [row for row in moved if row[3]]
    claimed = 0
    for statement, rows in ((_CLAIM_EXISTING, existing), (_CLAIM_NEW, new)):
        if rows:
            tag = await connection.execute(statement, *(list(column) for column in zip(*rows, strict=True)))
            claimed += int(tag.rpartition(" ")[2])
    return claimed == len(moved)


async def advance(connection: Connection, positions: dict[Stream, StreamPosition]) -> None:
    """Save the positions of streams that are locked."""
    streams = list(positions)
    sequences = [positions[stream].sequence for stream in streams]
    await connection.execute(_ADVANCE, [source for source, _ in streams], [aggregate for _, aggregate in streams], sequences)


async def without_effect(connection: Connection, duplicates: Sequence[EventMessage]) -> list[EventMessage]:
    """Of messages whose sequence number has been handled, those that have no inbox row themselves."""
    if not duplicates:
        return []
    rows = await connection.fetch(_WITHOUT_EFFECT, [message.delivery.event_id for message in duplicates])
    ids = {row[0] for row in rows}
    return [message for message in duplicates if message.delivery.event_id in ids]


async def contradicting(connection: Connection, duplicates: Sequence[EventMessage]) -> list[EventMessage]:
    """Of messages whose sequence number has been handled, those under whose number another event was handled."""
    rows = ((m.delivery.source, m.delivery.aggregate, m.delivery.sequence, m.delivery.event_id) for m in duplicates)
    columns = (list(column) for column in zip(*rows, strict=True))
    ids = {row[0] for row in await connection.fetch(_CONTRADICTING, *columns)} if duplicates else set()
    return [message for message in duplicates if message.delivery.event_id in ids]


async def record(connection: Connection, handled: Sequence[EventMessage], at: datetime) -> None:
    """Insert the inbox rows of these messages.

    Raises:
        UniqueViolationError: one of these events has been handled before.
    """
    if not handled:
        return
    rows = [(m.delivery.event_id, m.delivery.source, m.delivery.aggregate, m.delivery.sequence, m.type, at) for m in handled]
    await connection.copy_records_to_table("inbox", records=rows, columns=_COLUMNS)
