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

_LOOK = """
SELECT source, aggregate, sequence, parked FROM inbox_sequence
JOIN unnest($1::text[], $2::text[]) AS wanted (source, aggregate) USING (source, aggregate)
"""

_CLAIM_KNOWN = """
UPDATE inbox_sequence AS kept SET sequence = new.sequence
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS new (source, aggregate, sequence, before)
WHERE kept.source = new.source AND kept.aggregate = new.aggregate AND kept.sequence = new.before AND NOT kept.parked
"""

_CLAIM_NEW = """
INSERT INTO inbox_sequence AS kept (source, aggregate, sequence)
SELECT source, aggregate, sequence FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (source, aggregate, sequence)
ORDER BY source, aggregate
ON CONFLICT (source, aggregate) DO UPDATE SET sequence = excluded.sequence WHERE kept.sequence = 0 AND NOT kept.parked
"""

_ADVANCE = """
UPDATE inbox_sequence AS kept SET sequence = new.sequence
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (source, aggregate, sequence)
WHERE kept.source = new.source AND kept.aggregate = new.aggregate
"""

_WITHOUT_EFFECT = """
SELECT event_id FROM unnest($1::uuid[]) AS wanted (event_id)
WHERE NOT EXISTS (SELECT FROM inbox WHERE inbox.event_id = wanted.event_id)
"""

_TOLD_OTHERWISE = """
SELECT new.event_id FROM inbox JOIN unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[])
AS new (source, aggregate, sequence, event_id) USING (source, aggregate, sequence) WHERE inbox.event_id <> new.event_id
"""

_COLUMNS = ("event_id", "source", "aggregate", "sequence", "type", "handled_at")


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


async def look(connection: Connection, streams: Iterable[Stream]) -> dict[Stream, Position]:
    """How far these streams have been heard, without holding them: whoever goes on from there has to `claim`."""
    distinct = set(streams)
    rows = await connection.fetch(_LOOK, [source for source, _ in distinct], [aggregate for _, aggregate in distinct])
    known = {(row[0], row[1]): Position(row[2], row[3]) for row in rows}
    return {stream: known.get(stream) or Position(0, parked=False) for stream in distinct}


async def claim(connection: Connection, before: dict[Stream, int], positions: dict[Stream, Position]) -> bool:
    """Keep how far these streams have been heard; False when somebody else has gone on with one of them meanwhile."""
    moved = [(*stream, positions[stream].sequence, at) for stream, at in before.items() if positions[stream].sequence != at]
    new = [row[:3] for row in moved if not row[3]]
    known = [row for row in moved if row[3]]
    claimed = 0
    for statement, rows in ((_CLAIM_KNOWN, known), (_CLAIM_NEW, new)):
        if rows:
            tag = await connection.execute(statement, *(list(column) for column in zip(*rows, strict=True)))
            claimed += int(tag.rpartition(" ")[2])
    return claimed == len(moved)


async def advance(connection: Connection, positions: dict[Stream, Position]) -> None:
    """Keep how far these streams have been heard."""
    streams = list(positions)
    sequences = [positions[stream].sequence for stream in streams]
    await connection.execute(_ADVANCE, [source for source, _ in streams], [aggregate for _, aggregate in streams], sequences)


async def without_effect(connection: Connection, again: Sequence[Message]) -> list[Message]:
    """Of messages whose number has been heard, those that themselves had no effect here."""
    if not again:
        return []
    rows = await connection.fetch(_WITHOUT_EFFECT, [message.delivery.event_id for message in again])
    found = {row[0] for row in rows}
    return [message for message in again if message.delivery.event_id in found]


async def told_otherwise(connection: Connection, again: Sequence[Message]) -> list[Message]:
    """Of messages whose number has been heard, those under whose number another one took effect."""
    rows = ((m.delivery.source, m.delivery.aggregate, m.delivery.sequence, m.delivery.event_id) for m in again)
    columns = (list(column) for column in zip(*rows, strict=True))
    found = {row[0] for row in await connection.fetch(_TOLD_OTHERWISE, *columns)} if again else set()
    return [message for message in again if message.delivery.event_id in found]


async def record(connection: Connection, handled: Sequence[Message], at: datetime) -> None:
    """Write that these messages took effect. A second effect of one event is a unique violation."""
    if not handled:
        return
    rows = [(m.delivery.event_id, m.delivery.source, m.delivery.aggregate, m.delivery.sequence, m.type, at) for m in handled]
    await connection.copy_records_to_table("inbox", records=rows, columns=_COLUMNS)
