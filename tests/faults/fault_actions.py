"""How parts of an installation are broken and healed; each returns when what it broke is whole again."""

import asyncio
import random
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from deploy import SERVICES
from deploy.local.supervisor import Program
from shared.core.clock import TestClock
from tests.faults.cluster import CLUSTER_ID, Cluster
from tests.faults.fixture import Fixture
from tests.faults.load import Load

READS = 60
"""Four times as many as a service keeps connections for."""
GRACE_SECONDS = 60.0
"""Until a second process must be ready."""


@dataclass
class FaultContext:
    """What a fault works on: the cluster, the load and its fixture, and chance from the seed of the run."""

    cluster: Cluster
    load: Load
    fixture: Fixture
    chance: random.Random


async def die_at(context: FaultContext, point: str) -> None:
    """kill -9 exactly at a failpoint."""
    service = context.chance.choice(context.fixture.consumers if point.startswith("consumer") else context.fixture.publishers)
    context.cluster.arm(service, point)
    async with asyncio.timeout(60):
        while context.cluster.armed_still(service):
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    await context.cluster.ready(service)


async def kill_at_random(context: FaultContext, seconds: float) -> None:
    """kill -9 of a service, again and again."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        context.cluster.send(context.chance.choice(SERVICES), signal.SIGKILL)
        await asyncio.sleep(context.chance.uniform(0.5, 2.5))
    await context.cluster.ready()


async def freeze(context: FaultContext, names: Sequence[str], seconds: float) -> None:
    """SIGSTOP, and SIGCONT later."""
    for name in names:
        context.cluster.send(name, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    for name in names:
        context.cluster.send(name, signal.SIGCONT)


async def take_down(context: FaultContext, names: Sequence[str], signum: signal.Signals, seconds: float) -> None:
    """End programs and keep them down."""
    context.cluster.hold(*names)
    for name in names:
        context.cluster.send(name, signum)
    await asyncio.sleep(seconds)
    context.cluster.release(*names)
    await context.cluster.ready(*names)


async def replace_brokers(context: FaultContext, cluster_id: str = CLUSTER_ID) -> None:
    """Brokers that come back with nothing."""
    names = context.cluster.broker_names
    context.cluster.hold(*names)
    for name in names:
        context.cluster.send(name, signal.SIGKILL)
    await asyncio.sleep(1)
    await context.cluster.empty_brokers(cluster_id)
    context.cluster.release(*names)
    await context.cluster.ready(*names)


async def restart_one_by_one(context: FaultContext, names: Sequence[str]) -> None:
    """Each is ended properly, and the next when it is back."""
    for name in names:
        context.cluster.send(name, signal.SIGTERM)
        process = context.cluster.supervisor.children[name].process
        await asyncio.wait_for(process.wait(), 60)
        await asyncio.sleep(0.3)
        await context.cluster.ready(name)


async def fill_disk(context: FaultContext, of: str, seconds: float) -> None:
    """No byte is left for PostgreSQL, or for the broker."""
    filler = context.cluster.disk(of) / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                file.write(bytes(1 << 20))
                file.flush()
        except OSError:  # full, as wanted
            await asyncio.sleep(seconds)
        finally:
            filler.unlink()
    await context.cluster.ready(seconds=120)


async def step_clock(context: FaultContext, hours: Sequence[int]) -> None:
    """The clock that the services are given, as an argument, jumps back and forth; the machine's own is not changed."""
    clock = TestClock(context.cluster.home.clock)
    for hour in hours:
        clock.set(clock.now() + timedelta(hours=hour))
        await asyncio.sleep(2)


async def misbehave(context: FaultContext, how: str, seconds: float, what: str = "handlers") -> None:
    """Handlers fail, hang or dawdle; commits linger."""
    order = context.cluster.armed / what
    order.write_text(how)
    await asyncio.sleep(seconds)
    order.unlink(missing_ok=True)


async def exhaust_the_pool(context: FaultContext, seconds: float) -> None:
    """A table is locked, so that acts pile up until the pool has no connection left."""
    async with context.cluster.database("registry") as connection, connection.transaction():
        await connection.execute("LOCK TABLE certificate IN ACCESS EXCLUSIVE MODE")
        waiting = [asyncio.create_task(_read(context)) for _ in range(READS)]
        await asyncio.sleep(seconds)
    await asyncio.gather(*waiting, return_exceptions=True)


async def _read(context: FaultContext) -> None:
    await context.load.clients["registry"].get("/v1/certificates", headers=context.load.credentials())


_NEXT_VERSION = {
    "registry": ("certificate", "outbox", "event_log"),
    "sampling": ("campaign", "inbox", "inbox_sequence", "outbox"),
    "inspection": ("inspection", "notice"),
    "cases": ("qualification_matter",),
    "reporting": ("summary", "matter"),
}


async def migrate(context: FaultContext) -> None:
    """The next version's migration runs while this version serves, and is undone: columns, indexes built beside the writes."""
    for service, tables in _NEXT_VERSION.items():
        async with context.cluster.database(service) as connection:
            await connection.execute("SET lock_timeout = '5s'")
            for table in tables:
                await connection.execute(f"ALTER TABLE {table} ADD COLUMN next_version text DEFAULT 'none'")
                if table not in _BY_MONTH:
                    await connection.execute(f"CREATE INDEX CONCURRENTLY {table}_next_version ON {table} (next_version)")
            await asyncio.sleep(0.3)
            for table in tables:
                await connection.execute(f"ALTER TABLE {table} DROP COLUMN next_version")


_BY_MONTH = {"event_log"}
"""PostgreSQL builds no index of a partitioned table beside its writes."""


@asynccontextmanager
async def second_process(context: FaultContext, service: str, **other: str) -> AsyncIterator[Process]:
    """A second process of a service beside the first, with `other` variables too; killed in the end, and not started again."""
    program = second(context, service, other)
    with program.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(*program.command, env=program.environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def second(context: FaultContext, service: str, other: dict[str, str]) -> Program:
    """The second process of a service as a program."""
    return context.cluster.instrumented(service, CCC_FAULTS_SECOND="yes", **other)


async def until_ready(program: Program) -> None:
    """Wait until it takes work."""
    async with asyncio.timeout(GRACE_SECONDS):
        while not await asyncio.to_thread(program.ready):
            await asyncio.sleep(0.1)


async def lose_the_leading_relay(context: FaultContext, signum: signal.Signals) -> None:
    """Two processes of the registry; the one that relays is killed or frozen, and the other goes on."""
    async with second_process(context, "registry"):
        await until_ready(second(context, "registry", {}))
        await asyncio.sleep(1)
        context.cluster.send("registry", signum)
        await asyncio.sleep(12)
        context.cluster.send("registry", signal.SIGCONT)
        await context.cluster.ready("registry")
