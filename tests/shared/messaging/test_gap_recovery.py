"""A broker that drops records before they were heard: the loss is noticed, and everything is told again."""

import asyncio
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from shared.database.session import Session, transaction
from shared.events.base import Delivery
from shared.messaging import Messaging, emit
from shared.messaging.broker.partitions import Place
from tests.shared.messaging.brokers import PARTITIONS
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import Coast, running, until, write

pytestmark = pytest.mark.messaging

ACT = 500
WIDE = "w" * 5000
"""A lamp with so long a name is lit by 10 kB on the broker: key and content hold it."""


async def _light_many(coast: Coast, first: int, until_: int) -> None:
    """One fact each of so many aggregates, so that no later fact betrays a lost one."""
    for start in range(first, until_, ACT):
        async with transaction(coast.lighthouse) as session:
            for number in range(start, min(start + ACT, until_)):
                emit(session, coast.lit(lamp=f"{number}-{WIDE}", number=number))


async def _count(coast: Coast) -> int:
    (row,) = await rows(coast.harbour, "SELECT count(*) AS all, count(DISTINCT number) AS distinct FROM effect")
    assert row["all"] == row["distinct"]
    return int(row["all"])


async def _reasons(coast: Coast) -> list[str]:
    found = await rows(coast.lighthouse, "SELECT reason FROM replay_request ORDER BY requested_at")
    return [row["reason"] for row in found]


async def heard_all(coast: Coast, facts: int, seconds: float = 90) -> None:
    async def all_heard() -> bool:
        return await _count(coast) == facts

    await until(all_heard, seconds)


def telling(coast: Coast, kept_bytes: int | None) -> Messaging:
    urls = {coast.harbour.service: "http://harbour"}
    settings = coast.broker.settings(kafka_kept_bytes=kept_bytes, service_urls=urls)
    return Messaging(coast.lighthouse.service, coast.lighthouse, settings, {}, instance="one")


async def test_a_backlog_larger_than_the_broker_keeps_reaches_a_late_listener_whole(fragile: Coast) -> None:
    """Four partitions of 5 MB each hold 20 MB at most; 4,000 facts are 40 MB, and all are sent before anybody listens."""
    async with running(telling(fragile, None)):
        await _light_many(fragile, 0, 4000)
        await fragile.sent()
    async with running(telling(fragile, 4_000_000), fragile.hearing()):
        await heard_all(fragile, 4000)
    assert "loss" in await _reasons(fragile)


async def test_a_relay_does_not_run_away_from_a_slow_listener(fragile: Coast) -> None:
    async def slowly(session: Session, event: Any, delivery: Delivery) -> None:
        await write(session, event, delivery)
        await asyncio.sleep(0.002)

    async with running(fragile.hearing(slowly)):
        await asyncio.sleep(1)
        async with running(telling(fragile, 4_000_000)):
            await _light_many(fragile, 0, 4000)
            await heard_all(fragile, 4000)
    assert await _reasons(fragile) == [], "nothing was dropped, so nothing had to be told again"


async def test_records_dropped_while_a_listener_was_away_are_told_again(coast: Coast) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 0)
        await coast.settled("a", [0])
    async with running(coast.telling()):
        for lamp in range(1, 20):
            await coast.light(f"lamp-{lamp}", lamp)
        facts = 20 + await drop(coast)
    async with running(telling(coast, 4_000_000), coast.hearing()):
        await heard_all(coast, facts)
    assert "loss" in await _reasons(coast)


async def test_a_new_listener_hears_what_the_broker_no_longer_holds(coast: Coast) -> None:
    async with running(coast.telling()):
        await coast.light("a", *range(5))
        facts = 5 + await drop(coast)
    async with running(telling(coast, 4_000_000), coast.hearing()):
        await heard_all(coast, facts)
    assert await coast.heard("a") == list(range(5))


async def drop(coast: Coast) -> int:
    """Have all records that are on the topic dropped; returns how many facts had to be told for that."""
    overfill = 0 if coast.broker.process is None else 3000
    await _light_many(coast, 1000, 1000 + overfill)
    await coast.sent()
    if not overfill:
        await _delete_records(coast)
    return overfill


async def _delete_records(coast: Coast) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=coast.broker.bootstrap)
    await admin.start()
    await admin.delete_records({Place(coast.topic, number): RecordsToDelete(-1) for number in range(PARTITIONS)})
    await admin.close()
