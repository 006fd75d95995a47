"""What comes over the topics and was not asked for: facts again, messages of strangers, a message of 10 MB."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy import SERVICES
from tests.faults.breaking import Stage

TOPICS = [f"ccc.{service}" for service in SERVICES]
LARGEST = 12_000_000


async def deliver_again(stage: Stage, times: int, *, shuffled: bool) -> None:
    """Every record of every topic once more, or more often, in its order or in none."""
    async with _client(AIOKafkaConsumer(bootstrap_servers=stage.plant.bootstrap)) as consumer:
        records = [record for topic in TOPICS for record in await _all_of(consumer, topic)]
    distinct = {_told_as(record): record for record in records}
    again = list(distinct.values()) * times
    if shuffled:
        stage.chance.shuffle(again)
    async with _client(_producer(stage)) as producer:
        sent = [await producer.send(one.topic, one.value, one.key, headers=list(one.headers)) for one in again]
        await asyncio.gather(*sent)


def _told_as(record: Any) -> object:
    """The fact that a record tells, so that what was told again before is not told again as often."""
    return dict(record.headers).get("ce_id", (record.topic, record.partition, record.offset))


async def _all_of(consumer: Any, topic: str) -> list[Any]:
    places = [TopicPartition(topic, number) for number in sorted(await consumer._client._wait_on_metadata(topic))]
    consumer.assign(places)
    first, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    found: list[Any] = []
    for place in places:
        consumer.seek(place, first[place])
        while ends[place] > first[place] and await consumer.position(place) < ends[place]:
            found += (await consumer.getmany(place, timeout_ms=500)).get(place, [])
    return found


def _producer(stage: Stage) -> AIOKafkaProducer:
    return AIOKafkaProducer(bootstrap_servers=stage.plant.bootstrap, linger_ms=5, max_request_size=LARGEST)


@asynccontextmanager
async def _client(client: Any) -> AsyncIterator[Any]:
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


Spoil = Callable[[dict[str, bytes], bytes], tuple[dict[str, bytes], bytes]]
POISON: dict[str, Spoil] = {
    "no headers": lambda _, value: ({}, value),
    "bad JSON": lambda headers, _: (headers, b"{"),
    "unknown type": lambda headers, value: (headers | {"ce_type": b"ccc.registry.Unheard"}, value),
    "unknown version": lambda headers, value: (headers | {"ce_dataschemaversion": b"9"}, value),
    "a field removed": lambda headers, _: (headers, b"{}"),
    "of another owner": lambda headers, value: (headers | {"ce_source": b"/ccc/cases"}, value),
    "nearly as large as the broker takes": lambda headers, _: (headers, b'"' + b"x" * 900_000 + b'"'),
}
"""What a stranger may write to a topic; each on an aggregate of its own, so that it holds up nobody."""


async def poison(stage: Stage) -> None:
    """A stranger writes to the registry's topic; each message must come to stand parked."""
    await _have_parked(stage, *POISON.values())


@asynccontextmanager
async def administrator(stage: Stage) -> AsyncIterator[AIOKafkaAdminClient]:
    """Whoever may change topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stage.plant.bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def ten_megabytes(stage: Stage) -> None:
    """A stranger writes a message of 10 MB, where the broker takes one: it must come to stand parked like any other."""
    topic = ConfigResource(ConfigResourceType.TOPIC, "ccc.registry", {"max.message.bytes": str(LARGEST)})
    async with administrator(stage) as admin:
        await admin.alter_configs([topic])
    await _have_parked(stage, lambda headers, _: (headers, b'"' + b"x" * 10_000_000 + b'"'))


async def _have_parked(stage: Stage, *spoils: Spoil) -> None:
    before = await _parked(stage)
    async with _client(_producer(stage)) as producer:
        for number, spoil in enumerate(spoils):
            key = f"poison-{stage.chance.getrandbits(64):x}-{number}".encode()
            headers, value = spoil(_envelope(stage, key), b"{}")
            await producer.send_and_wait("ccc.registry", value, key, headers=list(headers.items()))
    async with asyncio.timeout(60):
        while await _parked(stage) < before + len(spoils):
            await asyncio.sleep(0.2)


async def _parked(stage: Stage) -> int:
    async with stage.plant.database("sampling") as connection:
        return int(await connection.fetchval("SELECT count(*) FROM parked_event WHERE reason IN ('failed', 'unreadable')"))


def _envelope(stage: Stage, key: bytes) -> dict[str, bytes]:
    return {
        "ce_specversion": b"1.0",
        "ce_id": f"{stage.chance.getrandbits(128):032x}".encode(),
        "ce_source": b"/ccc/registry",
        "ce_type": b"ccc.registry.CertificateStatusChanged",
        "ce_time": b"2024-08-01T00:00:00+00:00",
        "ce_subject": key,
        "ce_dataschemaversion": b"1",
        "ce_sequence": b"1",
    }
