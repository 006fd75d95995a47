"""A broker or database that is away, wrong or frozen: writes go on, nothing is lost, and what is wrong is said."""

import asyncio

import pytest

from shared.database.session import transaction
from shared.messaging import Messaging, emit
from shared.messaging.broker import Broker, BrokerError, MisconfiguredBroker
from shared.messaging.operations import lag
from tests.shared.messaging.brokers import PARTITIONS
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import Coast, running, until

pytestmark = pytest.mark.messaging


async def test_a_topic_with_fewer_partitions_than_configured_stops_the_start(coast: Coast) -> None:
    await Broker(coast.broker.settings()).prepare([coast.topic])
    settings = coast.broker.settings(kafka_partitions=PARTITIONS + 8)
    process = Messaging(coast.lighthouse.service, coast.lighthouse, settings, {})
    with pytest.raises(MisconfiguredBroker, match="has 4 partitions, 12 are configured"):
        await process.start()


_ELSEWHERE = "INSERT INTO relay_state (cluster_id, ends) VALUES ('elsewhere', '{}') RETURNING 1"


@pytest.mark.parametrize("known", [_ELSEWHERE, "SELECT 1"], ids=["another cluster", "a new database"])
async def test_a_cluster_that_holds_the_facts_of_somebody_else_is_refused(coast: Coast, known: str) -> None:
    async with running(coast.telling()):
        await coast.light("a", 1)
        await coast.sent()
        stranger = await coast.open_service(coast.lighthouse.service)
        await rows(stranger, known)
        async with transaction(stranger) as session:
            emit(session, coast.lit(lamp="b"))
        relay = Messaging(stranger.service, stranger, coast.broker.settings(), {})._relay
        with pytest.raises(MisconfiguredBroker, match="were not told here"):
            await relay.run()
    assert len(await rows(stranger, "SELECT 1 FROM outbox")) == 1


async def test_nothing_is_heard_from_a_cluster_before_the_relay_has_found_its_own_facts_there(coast: Coast) -> None:
    async with running(coast.telling()):
        await coast.light("a", 1)
        await coast.sent()
    await rows(coast.harbour, _ELSEWHERE)
    with pytest.raises(BrokerError, match="is not elsewhere"):
        await asyncio.wait_for(coast.hearing()._consumer.run(), 30)
    assert await coast.heard("a") == []


async def test_without_a_broker_a_service_starts_and_writes_and_tells_later(fragile: Coast) -> None:
    await fragile.broker.stop()
    process = fragile.telling()
    async with running(process):
        assert process.ready()
        await fragile.light("a", 1, 2)
        await asyncio.sleep(1)
        assert len(await rows(fragile.lighthouse, "SELECT 1 FROM outbox")) == 2
        await fragile.broker.start()
        async with running(fragile.hearing()):
            await fragile.settled("a", [1, 2], seconds=40)


async def test_a_frozen_broker_holds_up_nobody_who_writes(fragile: Coast) -> None:
    async with running(fragile.telling(), fragile.hearing()):
        await fragile.light("a", 1)
        await fragile.settled("a", [1])
        fragile.broker.freeze()
        await asyncio.wait_for(fragile.light("a", 2, 3), 5)
        await asyncio.sleep(4)
        fragile.broker.thaw()
        await fragile.settled("a", [1, 2, 3], seconds=60)


async def test_when_all_database_connections_break_each_fact_still_takes_effect_once(coast: Coast) -> None:
    async with running(coast.telling(), coast.hearing()):
        for number in range(60):
            await coast.light("a", number)
            if number % 20 == 10:
                await _break_connections(coast)
        await coast.settled("a", list(range(60)), seconds=60)


async def _break_connections(coast: Coast) -> None:
    for database in (coast.lighthouse, coast.harbour):
        await rows(database, _TERMINATE_OTHERS)


_TERMINATE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_the_lag_is_told_in_events_and_seconds(coast: Coast) -> None:
    await coast.light("b", 1)
    waiting = await lag.lag(coast.lighthouse, Broker(coast.broker.settings()), [])
    assert waiting.outbox_events == 1
    async with running(coast.telling()):
        await coast.light("a", *range(5))
        await coast.sent()
    found = await lag.lag(coast.harbour, Broker(coast.broker.settings()), [coast.topic])
    assert [(one.topic, one.events) for one in found.topics] == [(coast.topic, 6)]
    assert 0 <= found.topics[0].oldest_seconds < 60
    async with running(coast.hearing()):
        await coast.settled("a", list(range(5)))
        await until(lambda: _caught_up(coast))


async def _caught_up(coast: Coast) -> bool:
    found = await lag.lag(coast.harbour, Broker(coast.broker.settings()), [coast.topic])
    return found.topics[0].events == 0
