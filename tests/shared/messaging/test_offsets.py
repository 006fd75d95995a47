"""Where a partition is read on: the database knows it, as long as it is the same partition."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import CommitFailedError

from shared.database.session import driver, transaction
from shared.messaging import replay_requests
from shared.messaging.broker import PartitionState, TopicPartition, group_of
from shared.messaging.envelope import Record
from shared.messaging.inbox import offsets
from shared.messaging.inbox.offsets import OffsetRange, StoredOffset, offset_ranges
from tests.shared.messaging.brokers import PARTITIONS
from tests.shared.messaging.fixtures import ServicePair, running

PARTITION = TopicPartition("ccc.producer", 0)
STORED = StoredOffset(next=7, cluster_id="one", first=2, first_at=1000)
CASES: Mapping[str, tuple[StoredOffset, PartitionState, bool]] = {
    "nothing has changed": (STORED, PartitionState("one", 9, 2, 1000), True),
    "its first records were dropped by age": (STORED, PartitionState("one", 9, 5, 3000), True),
    "all of its records were dropped": (STORED, PartitionState("one", 9, None, None), True),
    "it was empty when it was first seen": (STORED._replace(first=None, first_at=None), PartitionState("one", 9, 0, 1000), True),
    "another cluster": (STORED, PartitionState("two", 9, 2, 1000), False),
    "it is shorter than what was consumed of it": (STORED, PartitionState("one", 6, 2, 1000), False),
    "its first record is another one": (STORED, PartitionState("one", 9, 2, 1001), False),
    "it was created again, and has grown beyond what was consumed": (STORED, PartitionState("one", 9, 0, 5000), False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_partition_is_identified_by_its_cluster_and_its_first_record(case: str) -> None:
    stored, partition, same = CASES[case]
    assert stored.matches(partition) is same


def test_the_offset_range_of_each_partition() -> None:
    records = [Record("t", number % 2, number, None, None, [], 100 + number) for number in range(5)]
    assert offset_ranges(records) == {
        TopicPartition("t", 0): OffsetRange(0, 100, 5),
        TopicPartition("t", 1): OffsetRange(1, 101, 4),
    }


@pytest.mark.messaging
async def test_an_offset_that_arrived_at_a_new_broker_from_the_time_of_the_old_one_hides_nothing(pair: ServicePair) -> None:
    """What a client had sent to the old broker, it sends to the one that replaced it: where new events lie by then."""
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", *range(20))
        await pair.settled("a", list(range(20)))
    await pair.broker.lose_everything(pair.topic, replay_requests.TOPIC)
    async with running(pair.producer_process()):
        for subject in "bcdefgh":
            await pair.emit_events(subject, 1)
        await pair.sent()
        await _commit_ends(pair)
        async with running(pair.consumer_process()):
            for subject in "bcdefgh":
                await pair.settled(subject, [1], seconds=60)


async def _commit_ends(pair: ServicePair) -> None:
    """As soon as the group has forgotten its static member."""
    partitions = [TopicPartition(pair.topic, number) for number in range(PARTITIONS)]
    group = group_of(pair.consumer.service)
    client = AIOKafkaConsumer(bootstrap_servers=pair.broker.bootstrap, group_id=group, enable_auto_commit=False)
    await client.start()
    client.assign(partitions)
    async with asyncio.timeout(30):
        while await client.committed(partitions[0]) is None:
            with suppress(CommitFailedError):
                await client.commit(await client.end_offsets(partitions))
            await asyncio.sleep(0.5)
    await client.stop()


async def _save(pair: ServicePair, offset_range: OffsetRange) -> None:
    async with transaction(pair.consumer) as session:
        await offsets.save(await driver(session), {PARTITION: offset_range})


async def test_the_database_stores_where_a_partition_is_read_on(pair: ServicePair) -> None:
    found = {PARTITION: PartitionState("one", 0, None, None)}
    assert await offsets.starting_offsets(pair.consumer, found) == {PARTITION: 0}
    await _save(pair, OffsetRange(0, 1000, 5))
    await _save(pair, OffsetRange(5, 2000, 7))
    assert await offsets.starting_offsets(pair.consumer, {PARTITION: PartitionState("one", 9, 0, 1000)}) == {PARTITION: 7}
    assert await offsets.starting_offsets(pair.consumer, {PARTITION: PartitionState("one", 9, 0, 1500)}) == {PARTITION: 0}
    await offsets.skip_to(pair.consumer, PARTITION, 3)
    assert await offsets.starting_offsets(pair.consumer, {PARTITION: PartitionState("one", 9, 3, 2500)}) == {PARTITION: 3}
