"""Hearing a fact once: whose turn it is, and the row that says it took effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from asyncpg import Connection

from shared.messaging.envelope import Message

Stream = tuple[str, str]
"""A source and one of its aggregates."""

_LOCK = """
INSERT INTO inbox_sequence AS kept (source, aggregate, sequence)
SELECT source, aggregate, 0 FROM unnest($1::text[], $2::text[]) AS new (source, aggregate) ORDER BY source, aggregate
ON CONFLICT (source, aggregate) DO UPDATE SET sequence = kept.sequence
RETURNING source, aggregate, sequence, parked
"""
"""Who else handles one of these aggregates, as a consumer that lost its partition may, waits. Sorted: no deadlocks."""

_ADVANCE = """
UPDATE inbox_sequence AS kept SET sequence = new.sequence
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (source, aggregate, sequence)
WHERE kept.source = new.source AND kept.aggregate = new.aggregate
"""

_RECORD = """
INSERT INTO inbox (event_id, source, aggregate, sequence, type, handled_at)
SELECT event_id, source, aggregate, sequence, type, $6
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[])
AS new (event_id, source, aggregate, sequence, type)
"""


class Turn(Enum):
    """What the sequence guard says of a message."""

    NEXT = auto()
    DUPLICATE = auto()
    TOO_EARLY = auto()


@dataclass(slots=True)
class Position:
    """How far a stream has been heard, and whether messages of it are set aside."""

    sequence: int
    parked: bool

    def turn(self, sequence: int) -> Turn:
        """Whether the message with this number is the next one."""
        if sequence <= self.sequence:
            return Turn.DUPLICATE
        return Turn.NEXT if sequence == self.sequence + 1 else Turn.TOO_EARLY


async def lock(connection: Connection, streams: Iterable[Stream]) -> dict[Stream, Position]:
    """Hold the turn of these streams until the transaction ends."""
    distinct = set(streams)
    rows = await connection.fetch(_LOCK, [source for source, _ in distinct], [aggregate for _, aggregate in distinct])
    return {(row[0], row[1]): Position(row[2], row[3]) for row in rows}


async def advance(connection: Connection, positions: dict[Stream, Position]) -> None:
    """Keep how far these streams have been heard."""
    streams = list(positions)
    sequences = [positions[stream].sequence for stream in streams]
    await connection.execute(_ADVANCE, [source for source, _ in streams], [aggregate for _, aggregate in streams], sequences)


async def record(connection: Connection, handled: Sequence[Message], at: datetime) -> None:
    """Write that these messages took effect. A second effect of one event is a unique violation."""
    if not handled:
        return
    rows = ((m.delivery.event_id, m.delivery.source, m.delivery.aggregate, m.delivery.sequence, m.type) for m in handled)
    await connection.execute(_RECORD, *(list(column) for column in zip(*rows, strict=True)), at)
