"""A member of a consumer group."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Self, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition, errors

from shared.messaging.broker.assignor import AllTopicsAssignor
from shared.messaging.broker.connection import Broker
from shared.messaging.broker.partitions import PartitionState
from shared.messaging.broker.timeouts import ANSWER_SECONDS, IDLE_MS, broker_call, stop
from shared.messaging.envelope import Record

T = TypeVar("T")

SESSION_MS = 6_000
POLL_RECORDS = 100
"""Records that the client parses in one go: nothing else in the process runs meanwhile."""


class OffsetMissing(Exception):
    """The broker holds no record of `partition` at the `offset` from which this member wants to read."""

    def __init__(self, partition: TopicPartition, offset: int) -> None:
        super().__init__(f"{partition.topic}[{partition.partition}] has nothing at {offset}")
        self.partition, self.offset = partition, offset


class _Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Whether this client has joined the group, and the partitions newly assigned to it, which are paused at first."""

    def __init__(self, client: AIOKafkaConsumer) -> None:
        self._client, self.joined, self.assigned = client, False, frozenset[TopicPartition]()

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:  # noqa: ARG002  (the client's signature)
        self.joined = False

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self.joined, self.assigned = True, frozenset(assigned)
        self._client.pause(*self.assigned)


class GroupConsumer:
    """A member of a consumer group, which reads from offsets that the caller gives; every method may raise `BrokerError`."""

    def __init__(self, broker: Broker, group: str, topics: Iterable[str], instance: str) -> None:
        """Joins when entered, as the static member `instance`: a restarted process gets its partitions back at once.

        With other topics than before it is another member: the group would give it the assignment of the old topics.
        """
        subscription = sorted(topics)
        digest = sha256(" ".join(subscription).encode()).hexdigest()[:8]
        self._client = AIOKafkaConsumer(
            **broker.options(),
            group_id=group,
            group_instance_id=f"{group.removeprefix('ccc-')}-{instance}-{digest}",
            partition_assignment_strategy=[AllTopicsAssignor],
            enable_auto_commit=False,
            auto_offset_reset="none",  # the client would skip what the broker has dropped without an error
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 4,
            metadata_max_age_ms=30_000,
            consumer_timeout_ms=IDLE_MS,
        )
        self._broker, self._membership = broker, _Membership(self._client)
        self._client.subscribe(subscription, listener=self._membership)
        self._prefetch: asyncio.Task[tuple[list[Record], Any]] | None = None

    async def __aenter__(self) -> Self:
        async with broker_call("join the group", seconds=60):
            await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._prefetch is not None:
            self._prefetch.cancel()
            await asyncio.gather(self._prefetch, return_exceptions=True)
        await stop(self._client)

    @property
    def assigned(self) -> frozenset[TopicPartition]:
        """The partitions newly assigned to this member; they yield no records before `resume`."""
        return self._membership.assigned

    async def assigned_states(self) -> dict[TopicPartition, PartitionState]:
        """The newly assigned partitions as they are on the broker."""
        partitions = list(self.assigned)
        cluster_id = await self._broker.cluster_id()
        async with broker_call("ask for beginning and end"):
            firsts = await self._client.offsets_for_times(dict.fromkeys(partitions, 0))
            ends = await self._client.end_offsets(partitions)
        first_records = {partition: (first.offset, first.timestamp) for partition, first in firsts.items() if first is not None}
        return {
            partition: PartitionState(cluster_id, ends[partition], *first_records.get(partition, (None, None)))
            for partition in partitions
        }

    def resume(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Read these partitions from these offsets on."""
        for partition in self._client.assignment() & offsets.keys():
            self._client.seek(partition, offsets[partition])
            self._client.resume(partition)
        if self.assigned == offsets.keys():
            self._membership.assigned = frozenset()

    async def batch(self, limit: int, seconds: float, parse: Callable[[list[Record]], T]) -> T:
        """What `parse` makes of the next records, in the order of each partition; of none, when none arrives within the time.

        After a full batch of `limit` records the next one is fetched and parsed while the caller handles this one.

        Raises:
            OffsetMissing: a partition has no record at the next offset; `seek_and_commit` another one.
        """
        prefetch, self._prefetch = self._prefetch, None
        records, parsed = await (prefetch or self._fetch(limit, seconds, parse))
        if len(records) == limit:
            self._prefetch = asyncio.create_task(self._fetch(limit, seconds, parse))
        return parsed

    async def _fetch(self, limit: int, seconds: float, parse: Callable[[list[Record]], T]) -> tuple[list[Record], T]:
        async with broker_call("fetch", seconds=seconds + ANSWER_SECONDS):
            records = more = await self._poll(limit, seconds)
            while more and len(records) < limit:
                await asyncio.sleep(0)
                try:
                    more = await self._poll(limit - len(records), 0)
                except OffsetMissing:
                    break  # the client raises it again as long as nobody seeks another offset
                records += more
        return records, parse(records)

    async def _poll(self, limit: int, seconds: float) -> list[Record]:
        try:
            batches = await self._client.getmany(timeout_ms=int(seconds * 1000), max_records=min(limit, POLL_RECORDS))
        except errors.NoOffsetForPartitionError:
            return []  # the client asked for the group's offset before the partition was resumed
        except errors.OffsetOutOfRangeError as error:
            ((partition, offset),) = error.args[0].items()
            raise OffsetMissing(partition, offset) from error
        return [record for records in batches.values() for record in records]  # the client's records have the fields of `Record`

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Commit for the group that all records before these offsets are done."""
        async with broker_call("commit offsets"):
            await self._client.commit(dict(offsets))

    async def offset_bounds(self, partition: TopicPartition) -> tuple[int, int]:
        """The offsets of the first record that the broker holds and of the next one that will arrive."""
        async with broker_call("ask for first and next offset"):
            first, end = await self._client.beginning_offsets([partition]), await self._client.end_offsets([partition])
        return first[partition], end[partition]

    async def seek_and_commit(self, partition: TopicPartition, offset: int) -> None:
        """Read on from this offset, and commit it, so that a relay that waits for this group knows of it."""
        async with broker_call("seek an offset"):
            self._client.seek(partition, offset)
            await self._client.commit({partition: offset})

    async def rewind(self, records: Sequence[Record]) -> None:
        """Have these records returned by `batch` again, and those that were fetched after them."""
        prefetch, self._prefetch = self._prefetch, None
        fetched = [*records, *((await prefetch)[0] if prefetch else ())]
        first: Mapping[TopicPartition, int] = {
            TopicPartition(record.topic, record.partition): record.offset for record in reversed(fetched)
        }
        for partition, offset in first.items():
            if partition in self._client.assignment():
                self._client.seek(partition, offset)

    async def lag(self) -> int:
        """How many records of its partitions this member has not received yet; while it has not joined, of all partitions."""
        async with broker_call("ask for the lag"):
            partitions = self._client.assignment() if self._membership.joined else self._all_partitions()
            ends = await self._client.end_offsets(list(partitions)) if partitions else {}
            return sum([end - await self._position(partition) for partition, end in ends.items()])

    def _all_partitions(self) -> set[TopicPartition]:
        topics = self._client.subscription()
        return {TopicPartition(topic, number) for topic in topics for number in self._client.partitions_for_topic(topic) or ()}

    async def _position(self, partition: TopicPartition) -> int:
        if self._membership.joined and not self.assigned:
            return int(await self._client.position(partition))
        return await self._client.committed(partition) or 0
