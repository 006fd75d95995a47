"""How far each partition has been heard, kept with the effects: the database knows where it is, whatever the broker says.

The group's offsets on the broker are for those who look at it from outside. They outlive a restored backup, and one that was
sent to a broker may arrive at the empty one which took its place; to begin there would be to leave facts out for good.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from asyncpg import Connection

from shared.database.outage import DATABASE_SECONDS, database_alone
from shared.database.session import Database, driver, transaction
from shared.messaging.broker import Partition, Place
from shared.messaging.envelope import Record

Offsets = Mapping[Place, int]
"""For each partition the offset of the first record that has not had its effect here."""


class Stretch(NamedTuple):
    """Records of one partition: offset and timestamp of the first, the offset after the last."""

    first: int
    first_at: int
    next: int


class Kept(NamedTuple):
    """How far a partition has been heard, and by what it is known again: its cluster, and the first record it held."""

    next: int
    cluster: str | None
    first: int | None
    first_at: int | None

    def is_of(self, partition: Partition) -> bool:
        """Whether the partition is still the one that was heard, and not another that took its place."""
        if self.cluster != partition.cluster or self.next > partition.end:
            return False
        if self.first is None or partition.first is None or partition.first > self.first:
            return True
        return self.first_at == partition.first_at


_KEEP = """
INSERT INTO inbox_offset AS kept (topic, partition, first, first_at, next)
SELECT topic, partition, first, first_at, next
FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[]) AS new (topic, partition, first, first_at, next)
ORDER BY topic, partition
ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next,
    first = coalesce(kept.first, excluded.first), first_at = coalesce(kept.first_at, excluded.first_at)
"""

_BEGIN = """
INSERT INTO inbox_offset (topic, partition, next, cluster_id, first, first_at)
SELECT topic, partition, next, cluster_id, first, first_at
FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
AS new (topic, partition, next, cluster_id, first, first_at) ORDER BY topic, partition
ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next, cluster_id = excluded.cluster_id,
    first = excluded.first, first_at = excluded.first_at
"""


def stretches(records: Iterable[Record]) -> dict[Place, Stretch]:
    """What lies where, of records in the order of each partition."""
    first: dict[tuple[str, int], Record] = {}
    last: dict[tuple[str, int], Record] = {}
    for one in records:
        where = one.topic, one.partition
        first.setdefault(where, one)
        last[where] = one
    return {Place(*where): Stretch(one.offset, one.timestamp, last[where].offset + 1) for where, one in first.items()}


async def keep(connection: Connection, heard: Mapping[Place, Stretch]) -> None:
    """Keep that these records have been heard, and all before them, in the transaction of the last effect."""
    if heard:
        rows = ((*place, *stretch) for place, stretch in heard.items())
        await connection.execute(_KEEP, *(list(column) for column in zip(*rows, strict=True)))


async def begin(database: Database, found: Mapping[Place, Partition]) -> Offsets:
    """From where on these partitions are to be heard: from the beginning, where one is not what was heard before.

    Raises:
        Exception: one for which `is_outage` holds: the database does not answer.
    """
    async with database_alone(DATABASE_SECONDS), transaction(database) as session:
        connection = await driver(session)
        rows = await connection.fetch("SELECT topic, partition, next, cluster_id, first, first_at FROM inbox_offset")
        kept = {Place(row[0], row[1]): Kept(*row[2:]) for row in rows}
        begins = {place: _begin(kept.get(place), partition) for place, partition in found.items()}
        values = ((*place, begins[place], one.cluster, one.first, one.first_at) for place, one in found.items())
        await connection.execute(_BEGIN, *(list(column) for column in zip(*values, strict=True)))
    return begins


def _begin(kept: Kept | None, partition: Partition) -> int:
    return kept.next if kept is not None and kept.is_of(partition) else 0


async def go_past(database: Database, place: Place, offset: int) -> None:
    """Keep that there is nothing to hear before this offset."""
    async with database_alone(DATABASE_SECONDS), transaction(database) as session:
        update = "UPDATE inbox_offset SET next = $3 WHERE topic = $1 AND partition = $2"
        await (await driver(session)).execute(update, *place, offset)
