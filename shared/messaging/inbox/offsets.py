"""The next offset of each partition, stored with the effects: where to read on is known by the database, not by the broker.

The offsets that the group commits on the broker are for whoever monitors it. They outlive a restored backup, and a commit that
was sent to one broker may arrive at the empty one that replaced it; reading on from there would skip events for good.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from asyncpg import Connection

from shared.database.outage import DATABASE_SECONDS, database_alone
from shared.database.session import Database, driver, transaction
from shared.messaging.broker import PartitionState, TopicPartition
from shared.messaging.envelope import Record

Offsets = Mapping[TopicPartition, int]
"""For each partition the offset of the first record that has not been handled here."""


class OffsetRange(NamedTuple):
    """Consecutive records of one partition: offset and timestamp (ms) of the first, the offset after the last."""

    first: int
    first_at: int
    next: int


class StoredOffset(NamedTuple):
    """The next offset of a partition, and what identifies the partition: its cluster, and the first record it held."""

    next: int
    cluster_id: str | None
    first: int | None
    first_at: int | None

    def matches(self, partition: PartitionState) -> bool:
        """Whether the partition on the broker is still the one that was consumed, and not another that replaced it."""
        if self.cluster_id != partition.cluster_id or self.next > partition.end:
            return False
        if self.first is None or partition.first is None or partition.first > self.first:
            return True
        return self.first_at == partition.first_at


_SAVE = """
INSERT INTO inbox_offset AS stored (topic, partition, first, first_at, next)
SELECT topic, partition, first, first_at, next
FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[]) AS new (topic, partition, first, first_at, next)
ORDER BY topic, partition
ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next,
    first = coalesce(stored.first, excluded.first), first_at = coalesce(stored.first_at, excluded.first_at)
"""

_START = """
INSERT INTO inbox_offset (topic, partition, next, cluster_id, first, first_at)
SELECT topic, partition, next, cluster_id, first, first_at
FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
AS new (topic, partition, next, cluster_id, first, first_at) ORDER BY topic, partition
ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next, cluster_id = excluded.cluster_id,
    first = excluded.first, first_at = excluded.first_at
"""


def offset_ranges(records: Iterable[Record]) -> dict[TopicPartition, OffsetRange]:
    """The offset range of each partition; the records of a partition have to be in its order."""
    first: dict[tuple[str, int], Record] = {}
    last: dict[tuple[str, int], Record] = {}
    for record in records:
        partition = record.topic, record.partition
        first.setdefault(partition, record)
        last[partition] = record
    return {
        TopicPartition(*partition): OffsetRange(record.offset, record.timestamp, last[partition].offset + 1)
        for partition, record in first.items()
    }


async def save(connection: Connection, ranges: Mapping[TopicPartition, OffsetRange]) -> None:
    """Save that these records, and all before them, have been handled, in the transaction of the last effect."""
    if ranges:
        rows = ((*partition, *range_) for partition, range_ in ranges.items())
        await connection.execute(_SAVE, *(list(column) for column in zip(*rows, strict=True)))


async def starting_offsets(database: Database, states: Mapping[TopicPartition, PartitionState]) -> Offsets:
    """Where to start reading these partitions: at the stored offset, or at 0 where a partition is not the one consumed before.

    Raises:
        Exception: one for which `is_outage` holds: the database does not answer.
    """
    async with database_alone(DATABASE_SECONDS), transaction(database) as session:
        connection = await driver(session)
        rows = await connection.fetch("SELECT topic, partition, next, cluster_id, first, first_at FROM inbox_offset")
        stored = {TopicPartition(row[0], row[1]): StoredOffset(*row[2:]) for row in rows}
        offsets = {partition: _starting_offset(stored.get(partition), state) for partition, state in states.items()}
        values = (
            (*partition, offsets[partition], state.cluster_id, state.first, state.first_at) for partition, state in states.items()
        )
        await connection.execute(_START, *(list(column) for column in zip(*values, strict=True)))
    return offsets


def _starting_offset(stored: StoredOffset | None, state: PartitionState) -> int:
    return stored.next if stored is not None and stored.matches(state) else 0


async def skip_to(database: Database, partition: TopicPartition, offset: int) -> None:
    """Save that there is nothing to consume before this offset."""
    async with database_alone(DATABASE_SECONDS), transaction(database) as session:
        update = "UPDATE inbox_offset SET next = $3 WHERE topic = $1 AND partition = $2"
        await (await driver(session)).execute(update, *partition, offset)
