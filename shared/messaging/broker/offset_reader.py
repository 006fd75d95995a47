"""Reading topics and the offsets of consumer groups without being a member of a group."""

import time
from collections.abc import Iterable
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.messaging.broker.connection import Broker
from shared.messaging.broker.partitions import next_offsets, record_of
from shared.messaging.broker.timeouts import IDLE_MS, BrokerError, broker_call, stop
from shared.messaging.envelope import Record


class OffsetReader:
    """Reads end offsets, single records and the offsets that a group has committed; every method may raise `BrokerError`."""

    def __init__(self, broker: Broker, group: str | None = None) -> None:
        """Connected while it is entered; `assign_committed`, `commit` and `lag` need the group."""
        self._client = AIOKafkaConsumer(
            **broker.options(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            consumer_timeout_ms=IDLE_MS,
        )

    async def __aenter__(self) -> Self:
        try:
            async with broker_call("connect the offset reader"):
                await self._client.start()
        except BrokerError:
            await stop(self._client)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await stop(self._client)

    async def ends(self, topic: str) -> dict[int, int]:
        """For each partition the offset that the next record will have."""
        async with broker_call(f"ask for the ends of {topic}"):
            ends = await self._client.end_offsets(await self._partitions(topic))
        return {partition.partition: offset for partition, offset in ends.items()}

    async def last_records(self, topic: str) -> list[Record]:
        """The last record of each partition that holds any."""
        async with broker_call(f"read the last records of {topic}"):
            ends = await self._client.end_offsets(await self._partitions(topic))
            filled = {partition: end for partition, end in ends.items() if end > 0}
            self._client.assign(list(filled))
            for partition, end in filled.items():
                self._client.seek(partition, end - 1)
            return [record_of(await self._client.getone(partition)) for partition in filled]

    async def assign_committed(self, topic: str) -> bool:
        """Have `poll` return the records of a topic after those that the group has committed.

        Returns whether the broker still holds all of them.
        """
        async with broker_call(f"assign {topic}"):
            partitions = await self._partitions(topic)
            self._client.assign(partitions)
            first = await self._client.beginning_offsets(partitions)
            committed = {partition: await self._client.committed(partition) or 0 for partition in partitions}
            for partition in partitions:
                self._client.seek(partition, max(first[partition], committed[partition]))
        return all(first[partition] <= committed[partition] for partition in partitions)

    async def poll(self) -> list[Record]:
        """The records of the assigned topic that have arrived since the last call."""
        async with broker_call("poll"):
            batches = await self._client.getmany(timeout_ms=0)
        return [record_of(record) for records in batches.values() for record in records]

    async def commit(self, records: Iterable[Record]) -> None:
        """Commit for the group that these records, and all before them, are done."""
        async with broker_call("commit offsets"):
            await self._client.commit(next_offsets(records))

    async def lag(self, topic: str) -> tuple[int, float]:
        """How many records the group has not committed yet, and the age of the oldest of them in seconds."""
        async with broker_call(f"ask for the lag of {topic}"):
            partitions = await self._partitions(topic)
            ends = await self._client.end_offsets(partitions)
            self._client.assign(partitions)
            committed = {partition: await self._client.committed(partition) or 0 for partition in partitions}
            late = [partition for partition in partitions if committed[partition] < ends[partition]]
            ages = [await self._age(partition, committed[partition]) for partition in late]
        return sum(ends[partition] - committed[partition] for partition in late), max(ages, default=0.0)

    async def _age(self, partition: TopicPartition, offset: int) -> float:
        self._client.seek(partition, offset)
        milliseconds: int = (await self._client.getone(partition)).timestamp
        return time.time() - milliseconds / 1000

    async def _partitions(self, topic: str) -> list[TopicPartition]:
        # private, because the public `partitions_for_topic` only knows the topics that are assigned already
        numbers = await self._client._client._wait_on_metadata(topic)  # noqa: SLF001
        return [TopicPartition(topic, number) for number in sorted(numbers)]
