"""Where a partition is heard on: the database knows it, as long as it is the same partition."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import CommitFailedError

from shared.database.session import driver, transaction
from shared.messaging import replay_requests
from shared.messaging.broker import Partition, Place, group_of
from shared.messaging.envelope import Record
from shared.messaging.inbox import offsets
from shared.messaging.inbox.offsets import Kept, Stretch, stretches
from tests.shared.messaging.brokers import PARTITIONS
from tests.shared.messaging.fixtures import Coast, running

PLACE = Place("ccc.lighthouse", 0)
KEPT = Kept(next=7, cluster="one", first=2, first_at=1000)
CASES: Mapping[str, tuple[Kept, Partition, bool]] = {
    "nothing has changed": (KEPT, Partition("one", 9, 2, 1000), True),
    "its first records were dropped by age": (KEPT, Partition("one", 9, 5, 3000), True),
    "all of its records were dropped": (KEPT, Partition("one", 9, None, None), True),
    "it was empty when it was first seen": (KEPT._replace(first=None, first_at=None), Partition("one", 9, 0, 1000), True),
    "another cluster": (KEPT, Partition("two", 9, 2, 1000), False),
    "it is shorter than what was heard of it": (KEPT, Partition("one", 6, 2, 1000), False),
    "its first record is another one": (KEPT, Partition("one", 9, 2, 1001), False),
    "it begins anew, and has grown beyond what was heard": (KEPT, Partition("one", 9, 0, 5000), False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_partition_is_known_again_by_its_cluster_and_its_first_record(case: str) -> None:
    kept, partition, same = CASES[case]
    assert kept.is_of(partition) is same


def test_what_lies_where() -> None:
    records = [Record("t", number % 2, number, None, None, [], 100 + number) for number in range(5)]
    assert stretches(records) == {Place("t", 0): Stretch(0, 100, 5), Place("t", 1): Stretch(1, 101, 4)}


@pytest.mark.messaging
async def test_an_offset_that_arrived_at_a_new_broker_from_the_time_of_the_old_one_hides_nothing(coast: Coast) -> None:
    """What a client had sent to the old broker, it sends to the one that took its place: where new facts lie by then."""
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", *range(20))
        await coast.settled("a", list(range(20)))
    await coast.broker.lose_everything(coast.topic, replay_requests.TOPIC)
    async with running(coast.telling()):
        for lamp in "bcdefgh":
            await coast.light(lamp, 1)
        await coast.sent()
        await _commit_ends(coast)
        async with running(coast.hearing()):
            for lamp in "bcdefgh":
                await coast.settled(lamp, [1], seconds=60)


async def _commit_ends(coast: Coast) -> None:
    """As soon as the group has forgotten its static member."""
    places = [Place(coast.topic, number) for number in range(PARTITIONS)]
    group = group_of(coast.harbour.service)
    client = AIOKafkaConsumer(bootstrap_servers=coast.broker.bootstrap, group_id=group, enable_auto_commit=False)
    await client.start()
    client.assign(places)
    async with asyncio.timeout(30):
        while await client.committed(places[0]) is None:
            with suppress(CommitFailedError):
                await client.commit(await client.end_offsets(places))
            await asyncio.sleep(0.5)
    await client.stop()


async def _keep(coast: Coast, stretch: Stretch) -> None:
    async with transaction(coast.harbour) as session:
        await offsets.keep(await driver(session), {PLACE: stretch})


async def test_the_database_keeps_where_a_partition_is_heard_on(coast: Coast) -> None:
    found = {PLACE: Partition("one", 0, None, None)}
    assert await offsets.begin(coast.harbour, found) == {PLACE: 0}
    await _keep(coast, Stretch(0, 1000, 5))
    await _keep(coast, Stretch(5, 2000, 7))
    assert await offsets.begin(coast.harbour, {PLACE: Partition("one", 9, 0, 1000)}) == {PLACE: 7}
    assert await offsets.begin(coast.harbour, {PLACE: Partition("one", 9, 0, 1500)}) == {PLACE: 0}
    await offsets.go_past(coast.harbour, PLACE, 3)
    assert await offsets.begin(coast.harbour, {PLACE: Partition("one", 9, 3, 2500)}) == {PLACE: 3}
