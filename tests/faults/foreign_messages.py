"""Messages that none of the services sent: duplicates of events, foreign messages, a message of 10 MB."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy import SERVICES
from tests.faults.fault_actions import FaultContext

TOPICS = [f"ccc.{service}" for service in SERVICES]
LARGEST = 12_000_000


async def deliver_again(context: FaultContext, times: int, *, shuffled: bool) -> None:
    """Every record of every topic once more, or more often, in its order or in none."""
    async with _client(AIOKafkaConsumer(bootstrap_servers=context.cluster.bootstrap)) as consumer:
        records = [record for topic in TOPICS for record in await _all_of(consumer, topic)]
    distinct = {_event_id(record): record for record in records}
    again = list(distinct.values()) * times
    if shuffled:
        context.chance.shuffle(again)
    async with _client(_producer(context)) as producer:
        sent = [await producer.send(record.topic, record.value, record.key, headers=list(record.headers)) for record in again]
        await asyncio.gather(*sent)


def _event_id(record: Any) -> object:
    """The id of a record's event, so that one published twice is not repeated twice as often."""
    return dict(record.headers).get("ce_id", (record.topic, record.partition, record.offset))


async def _all_of(consumer: Any, topic: str) -> list[Any]:
    partitions = [TopicPartition(topic, number) for number in sorted(await consumer._client._wait_on_metadata(topic))]
    consumer.assign(partitions)
    first, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    found: list[Any] = []
    for partition in partitions:
        consumer.seek(partition, first[partition])
        while ends[partition] > first[partition] and await consumer.position(partition) < ends[partition]:
            found += (await consumer.getmany(partition, timeout_ms=500)).get(partition, [])
    return found


def _producer(context: FaultContext) -> AIOKafkaProducer:
    return AIOKafkaProducer(bootstrap_servers=context.cluster.bootstrap, linger_ms=5, max_request_size=LARGEST)


@asynccontextmanager
async def _client(client: Any) -> AsyncIterator[Any]:
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


Corruption = Callable[[dict[str, bytes], bytes], tuple[dict[str, bytes], bytes]]
POISON: dict[str, Corruption] = {
    "no headers": lambda _, value: ({}, value),
    "bad JSON": lambda headers, _: (headers, b"{"),
    "unknown type": lambda headers, value: (headers | {"ce_type": b"ccc.registry.NoSuchEvent"}, value),
    "unknown version": lambda headers, value: (headers | {"ce_dataschemaversion": b"9"}, value),
    "a field removed": lambda headers, _: (headers, b"{}"),
    "of another owner": lambda headers, value: (headers | {"ce_source": b"/ccc/cases"}, value),
    "nearly as large as the broker takes": lambda headers, _: (headers, b'"' + b"x" * 900_000 + b'"'),
}
"""What a foreign program may write to a topic; each on an aggregate of its own, so that it blocks no other event."""


async def poison(context: FaultContext) -> None:
    """A foreign program writes to the registry's topic; each message must become a dead letter."""
    await _send_dead_letters(context, *POISON.values())


@asynccontextmanager
async def administrator(context: FaultContext) -> AsyncIterator[AIOKafkaAdminClient]:
    """Whoever may change topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=context.cluster.bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def ten_megabytes(context: FaultContext) -> None:
    """A foreign program writes a message of 10 MB, where the broker takes one: it must become a dead letter like any other."""
    topic = ConfigResource(ConfigResourceType.TOPIC, "ccc.registry", {"max.message.bytes": str(LARGEST)})
    async with administrator(context) as admin:
        await admin.alter_configs([topic])
    await _send_dead_letters(context, lambda headers, _: (headers, b'"' + b"x" * 10_000_000 + b'"'))


async def _send_dead_letters(context: FaultContext, *corruptions: Corruption) -> None:
    before = await _count_dead_letters(context)
    async with _client(_producer(context)) as producer:
        for number, corrupt in enumerate(corruptions):
            key = f"poison-{context.chance.getrandbits(64):x}-{number}".encode()
            headers, value = corrupt(_envelope(context, key), b"{}")
            await producer.send_and_wait("ccc.registry", value, key, headers=list(headers.items()))
    async with asyncio.timeout(60):
        while await _count_dead_letters(context) < before + len(corruptions):
            await asyncio.sleep(0.2)


async def _count_dead_letters(context: FaultContext) -> int:
    async with context.cluster.database("sampling") as connection:
        return int(await connection.fetchval("SELECT count(*) FROM dead_letter WHERE reason IN ('failed', 'unreadable')"))


def _envelope(context: FaultContext, key: bytes) -> dict[str, bytes]:
    return {
        "ce_specversion": b"1.0",
        "ce_id": f"{context.chance.getrandbits(128):032x}".encode(),
        "ce_source": b"/ccc/registry",
        "ce_type": b"ccc.registry.CertificateStatusChanged",
        "ce_time": b"2024-08-01T00:00:00+00:00",
        "ce_subject": key,
        "ce_dataschemaversion": b"1",
        "ce_sequence": b"1",
    }
