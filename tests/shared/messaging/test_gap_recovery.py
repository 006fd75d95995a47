"""A broker that drops records before they were consumed: the loss is detected, and everything is published again."""

import asyncio
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from shared.database.session import Session, transaction
from shared.events.base import Delivery
from shared.messaging import Messaging, emit
from shared.messaging.broker import TopicPartition
from tests.shared.messaging.brokers import PARTITIONS
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import ServicePair, running, until, write

pytestmark = pytest.mark.messaging

COMMAND = 500
WIDE = "w" * 5000
"""An event of a subject with so long a name takes 10 kB on the broker: key and content hold it."""


async def _emit_many(pair: ServicePair, first: int, until_: int) -> None:
    """One event each of so many aggregates, so that no later event reveals a lost one."""
    for start in range(first, until_, COMMAND):
        async with transaction(pair.producer) as session:
            for number in range(start, min(start + COMMAND, until_)):
                emit(session, pair.event_type(subject=f"{number}-{WIDE}", number=number))


async def _count(pair: ServicePair) -> int:
    (row,) = await rows(pair.consumer, "SELECT count(*) AS all, count(DISTINCT number) AS distinct FROM effect")
    assert row["all"] == row["distinct"]
    return int(row["all"])


async def _reasons(pair: ServicePair) -> list[str]:
    found = await rows(pair.producer, "SELECT reason FROM replay_request ORDER BY requested_at")
    return [row["reason"] for row in found]


async def handled_all(pair: ServicePair, events: int, seconds: float = 90) -> None:
    async def all_handled() -> bool:
        return await _count(pair) == events

    await until(all_handled, seconds)


def producer_process(pair: ServicePair, retained_bytes: int | None) -> Messaging:
    urls = {pair.consumer.service: "http://consumer"}
    settings = pair.broker.settings(kafka_kept_bytes=retained_bytes, service_urls=urls)
    return Messaging(pair.producer.service, pair.producer, settings, {}, instance="one")


async def test_a_backlog_larger_than_the_broker_keeps_reaches_a_late_consumer_whole(isolated: ServicePair) -> None:
    """Four partitions of 5 MB each hold 20 MB at most; 4,000 events are 40 MB, and all are sent before anybody consumes."""
    async with running(producer_process(isolated, None)):
        await _emit_many(isolated, 0, 4000)
        await isolated.sent()
    async with running(producer_process(isolated, 4_000_000), isolated.consumer_process()):
        await handled_all(isolated, 4000)
    assert "loss" in await _reasons(isolated)


async def test_a_relay_does_not_run_away_from_a_slow_consumer(isolated: ServicePair) -> None:
    async def slowly(session: Session, event: Any, delivery: Delivery) -> None:
        await write(session, event, delivery)
        await asyncio.sleep(0.002)

    async with running(isolated.consumer_process(slowly)):
        await asyncio.sleep(1)
        async with running(producer_process(isolated, 4_000_000)):
            await _emit_many(isolated, 0, 4000)
            await handled_all(isolated, 4000)
    assert await _reasons(isolated) == [], "nothing was dropped, so nothing had to be published again"


async def test_records_dropped_while_a_consumer_was_away_are_published_again(pair: ServicePair) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 0)
        await pair.settled("a", [0])
    async with running(pair.producer_process()):
        for subject in range(1, 20):
            await pair.emit_events(f"subject-{subject}", subject)
        events = 20 + await drop(pair)
    async with running(producer_process(pair, 4_000_000), pair.consumer_process()):
        await handled_all(pair, events)
    assert "loss" in await _reasons(pair)


async def test_a_new_consumer_handles_what_the_broker_no_longer_holds(pair: ServicePair) -> None:
    async with running(pair.producer_process()):
        await pair.emit_events("a", *range(5))
        events = 5 + await drop(pair)
    async with running(producer_process(pair, 4_000_000), pair.consumer_process()):
        await handled_all(pair, events)
    assert await pair.handled("a") == list(range(5))


async def drop(pair: ServicePair) -> int:
    """Have all records that are on the topic dropped; returns how many events had to be emitted for that."""
    overfill = 0 if pair.broker.process is None else 3000
    await _emit_many(pair, 1000, 1000 + overfill)
    await pair.sent()
    if not overfill:
        await _delete_records(pair)
    return overfill


async def _delete_records(pair: ServicePair) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=pair.broker.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(pair.topic, number): RecordsToDelete(-1) for number in range(PARTITIONS)})
    await admin.close()
