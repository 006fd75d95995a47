"""A broker or database that is away, wrong or frozen: writes go on, nothing is lost, and the error is reported."""

import asyncio

import pytest

from shared.database.session import transaction
from shared.messaging import Messaging, emit
from shared.messaging.broker import Broker, BrokerError, MisconfiguredBroker
from shared.messaging.operations import lag
from tests.shared.messaging.brokers import PARTITIONS
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import ServicePair, running, until

pytestmark = pytest.mark.messaging


async def test_a_topic_with_fewer_partitions_than_configured_stops_the_start(pair: ServicePair) -> None:
    await Broker(pair.broker.settings()).prepare([pair.topic])
    settings = pair.broker.settings(kafka_partitions=PARTITIONS + 8)
    process = Messaging(pair.producer.service, pair.producer, settings, {})
    with pytest.raises(MisconfiguredBroker, match="has 4 partitions, 12 are configured"):
        await process.start()


_ELSEWHERE = "INSERT INTO relay_state (cluster_id, ends) VALUES ('elsewhere', '{}') RETURNING 1"


@pytest.mark.parametrize("statement", [_ELSEWHERE, "SELECT 1"], ids=["another cluster", "a new database"])
async def test_a_cluster_that_holds_the_events_of_somebody_else_is_rejected(pair: ServicePair, statement: str) -> None:
    async with running(pair.producer_process()):
        await pair.emit_events("a", 1)
        await pair.sent()
        foreign = await pair.open_service(pair.producer.service)
        await rows(foreign, statement)
        async with transaction(foreign) as session:
            emit(session, pair.event_type(subject="b"))
        relay = Messaging(foreign.service, foreign, pair.broker.settings(), {})._relay
        with pytest.raises(MisconfiguredBroker, match="were not published here"):
            await relay.run()
    assert len(await rows(foreign, "SELECT 1 FROM outbox")) == 1


async def test_nothing_is_consumed_from_a_cluster_before_the_relay_has_found_its_own_events_there(pair: ServicePair) -> None:
    async with running(pair.producer_process()):
        await pair.emit_events("a", 1)
        await pair.sent()
    await rows(pair.consumer, _ELSEWHERE)
    with pytest.raises(BrokerError, match="is not elsewhere"):
        await asyncio.wait_for(pair.consumer_process()._consumer.run(), 30)
    assert await pair.handled("a") == []


async def test_without_a_broker_a_service_starts_and_writes_and_publishes_later(isolated: ServicePair) -> None:
    await isolated.broker.stop()
    process = isolated.producer_process()
    async with running(process):
        assert process.ready()
        await isolated.emit_events("a", 1, 2)
        await asyncio.sleep(1)
        assert len(await rows(isolated.producer, "SELECT 1 FROM outbox")) == 2
        await isolated.broker.start()
        async with running(isolated.consumer_process()):
            await isolated.settled("a", [1, 2], seconds=40)


async def test_a_frozen_broker_delays_no_write(isolated: ServicePair) -> None:
    async with running(isolated.producer_process(), isolated.consumer_process()):
        await isolated.emit_events("a", 1)
        await isolated.settled("a", [1])
        isolated.broker.freeze()
        await asyncio.wait_for(isolated.emit_events("a", 2, 3), 5)
        await asyncio.sleep(4)
        isolated.broker.thaw()
        await isolated.settled("a", [1, 2, 3], seconds=60)


async def test_when_all_database_connections_break_each_event_is_still_handled_once(pair: ServicePair) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        for number in range(60):
            await pair.emit_events("a", number)
            if number % 20 == 10:
                await _break_connections(pair)
        await pair.settled("a", list(range(60)), seconds=60)


async def _break_connections(pair: ServicePair) -> None:
    for database in (pair.producer, pair.consumer):
        await rows(database, _TERMINATE_OTHERS)


_TERMINATE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_the_lag_is_measured_in_events_and_seconds(pair: ServicePair) -> None:
    await pair.emit_events("b", 1)
    waiting = await lag.lag(pair.producer, Broker(pair.broker.settings()), [])
    assert waiting.outbox_events == 1
    async with running(pair.producer_process()):
        await pair.emit_events("a", *range(5))
        await pair.sent()
    found = await lag.lag(pair.consumer, Broker(pair.broker.settings()), [pair.topic])
    assert [(topic.topic, topic.events) for topic in found.topics] == [(pair.topic, 6)]
    assert 0 <= found.topics[0].oldest_seconds < 60
    async with running(pair.consumer_process()):
        await pair.settled("a", list(range(5)))
        await until(lambda: _caught_up(pair))


async def _caught_up(pair: ServicePair) -> bool:
    found = await lag.lag(pair.consumer, Broker(pair.broker.settings()), [pair.topic])
    return found.topics[0].events == 0
