"""How fast events get from an act to their effect. Run: python -m tests.benchmarks.messaging_bench [events] [seconds].

Against the embedded broker, or Apache Kafka where CCC_TEST_KAFKA_BOOTSTRAP is set. The bare peer reads the same topic in the
same batches with aiokafka and inserts the same rows with asyncpg, without inbox, order, or retries.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.database.session import Database
from shared.messaging import Messaging
from shared.messaging.inbox.consumer import BATCH
from tests.benchmarks.beats import INSERT, TOPIC, Beat, BenchServices, CountingHandler, bench_services
from tests.benchmarks.figures import Figure, show

PER_SECOND = 3000
WARM_UP_SECONDS = 3.0


async def drain(database: Database, services: BenchServices, events: int) -> tuple[float, float]:
    """Events per second that are handled from a backlog on the broker, and microseconds of this process for each."""
    handler = CountingHandler()
    messaging = Messaging("benchconsumer", database, services.broker.settings(), {Beat: handler})
    await messaging.start()
    while not handler.count:
        await asyncio.sleep(0.001)
    begun, worked, first = time.perf_counter(), time.process_time(), handler.count
    while handler.count < events:
        await asyncio.sleep(0.005)
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    await messaging.stop()
    return (events - first) / took, worked / (events - first) * 1e6


async def bare(services: BenchServices, events: int) -> tuple[float, float]:
    """The same with nothing but aiokafka and asyncpg."""
    address = services.consumer_url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    async with _bare_consumer(services) as consumer:
        done, begun, worked = 0, 0.0, 0.0
        while done < events:
            found = await consumer.getmany(timeout_ms=500, max_records=BATCH)
            begun, worked = begun or time.perf_counter(), worked or time.process_time()
            records = [(Beat.model_validate_json(record.value), record) for batch in found.values() for record in batch]
            rows = [(beat.subject, beat.number, dict(record.headers)["ce_id"].decode(), 1) for beat, record in records]
            async with connection.transaction():
                await connection.execute(INSERT, *(list(column) for column in zip(*rows, strict=True)))
            await consumer.commit({TopicPartition(record.topic, record.partition): record.offset + 1 for _, record in records})
            done += len(rows)
        took, worked = time.perf_counter() - begun, time.process_time() - worked
    await connection.close()
    return done / took, worked / done * 1e6


@asynccontextmanager
async def _bare_consumer(services: BenchServices) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=services.broker.bootstrap,
        group_id=f"bare-{time.time()}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    yield consumer
    await consumer.stop()


async def steady(database: Database, services: BenchServices, seconds: int) -> list[float]:
    """Milliseconds from an act to the committed effect elsewhere, at a steady rate, in rising order."""
    handler = CountingHandler()
    messaging = Messaging("benchconsumer", database, services.broker.settings(), {Beat: handler})
    took: list[tuple[float, float]] = []
    handle_batch = messaging._consumer.dispatcher.handle_batch

    async def timed(batch: Any) -> None:
        await handle_batch(batch)
        now = time.time()
        took.extend((at, (now - at) * 1000) for at in handler.pending)
        handler.pending.clear()

    object.__setattr__(messaging._consumer.dispatcher, "handle_batch", timed)
    await messaging.start()
    await services.publish(seconds * PER_SECOND, PER_SECOND)
    await asyncio.sleep(1)
    await messaging.stop()
    start = min(at for at, _ in took) + WARM_UP_SECONDS
    return sorted(one for at, one in took if at > start)


async def main(events: int, seconds: int) -> None:
    """Measure, and print."""
    async with bench_services() as services:
        rates = await services.publish(events, 0)
        consumer = services.consumer_database()
        drained, ours = await drain(consumer, services, events)
        peer, theirs = await bare(services, events)
        late = await steady(consumer, services, seconds)
        await consumer.close()
    figures = [
        Figure("acts of 500 events", rates["emit_per_s"], "events/s"),
        Figure("relayed", rates["relay_per_s"], "events/s"),
        Figure("backlog drained", drained, "events/s", least=25_000),
        Figure("processor for each", ours, "us"),
        Figure("bare loop", peer, "events/s"),
        Figure("processor of the bare loop for each", theirs, "us"),
        Figure("drained to bare", drained / peer, "", least=0.5),
        Figure(f"commit to effect at {PER_SECOND}/s, p50", late[len(late) // 2], "ms"),
        Figure(f"commit to effect at {PER_SECOND}/s, p99", late[len(late) * 99 // 100], "ms", most=60),
        Figure("slowest", late[-1], "ms"),
    ]
    show("messaging", figures)


if __name__ == "__main__":
    sizes = [int(one) for one in sys.argv[1:]] + [100_000, 60][len(sys.argv) - 1 :]
    uvloop.run(main(*sizes))
