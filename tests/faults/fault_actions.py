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
from tests.faults.ground import Ground
from tests.faults.load import Load
from tests.faults.plant import CLUSTER, Plant

READS = 60
"""Four times as many as a service keeps connections for."""
GRACE_SECONDS = 60.0
"""Until a second process must be ready."""


@dataclass
class Stage:
    """What a fault works on: the plant, the load and its ground, and chance from the seed of the run."""

    plant: Plant
    load: Load
    ground: Ground
    chance: random.Random


async def die_at(stage: Stage, point: str) -> None:
    """kill -9 exactly at a failpoint."""
    service = stage.chance.choice(stage.ground.listeners if point.startswith("consumer") else stage.ground.tellers)
    stage.plant.arm(service, point)
    async with asyncio.timeout(60):
        while stage.plant.armed_still(service):
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    await stage.plant.ready(service)


async def kill_at_random(stage: Stage, seconds: float) -> None:
    """kill -9 of a service, again and again."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        stage.plant.send(stage.chance.choice(SERVICES), signal.SIGKILL)
        await asyncio.sleep(stage.chance.uniform(0.5, 2.5))
    await stage.plant.ready()


async def freeze(stage: Stage, names: Sequence[str], seconds: float) -> None:
    """SIGSTOP, and SIGCONT later."""
    for name in names:
        stage.plant.send(name, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    for name in names:
        stage.plant.send(name, signal.SIGCONT)


async def take_down(stage: Stage, names: Sequence[str], signum: signal.Signals, seconds: float) -> None:
    """End programs and keep them down."""
    stage.plant.hold(*names)
    for name in names:
        stage.plant.send(name, signum)
    await asyncio.sleep(seconds)
    stage.plant.release(*names)
    await stage.plant.ready(*names)


async def replace_brokers(stage: Stage, cluster: str = CLUSTER) -> None:
    """Brokers that come back with nothing."""
    names = stage.plant.broker_names
    stage.plant.hold(*names)
    for name in names:
        stage.plant.send(name, signal.SIGKILL)
    await asyncio.sleep(1)
    await stage.plant.empty_brokers(cluster)
    stage.plant.release(*names)
    await stage.plant.ready(*names)


async def restart_in_turn(stage: Stage, names: Sequence[str]) -> None:
    """Each is ended properly, and the next when it is back."""
    for name in names:
        stage.plant.send(name, signal.SIGTERM)
        process = stage.plant.supervisor.children[name].process
        await asyncio.wait_for(process.wait(), 60)
        await asyncio.sleep(0.3)
        await stage.plant.ready(name)


async def fill_disk(stage: Stage, of: str, seconds: float) -> None:
    """No byte is left for PostgreSQL, or for the broker."""
    filler = stage.plant.disk(of) / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                file.write(bytes(1 << 20))
                file.flush()
        except OSError:  # full, as wanted
            await asyncio.sleep(seconds)
        finally:
            filler.unlink()
    await stage.plant.ready(seconds=120)


async def step_clock(stage: Stage, hours: Sequence[int]) -> None:
    """The clock that the services are given, as an argument, jumps back and forth; the machine's own is told to nobody."""
    clock = TestClock(stage.plant.home.clock)
    for hour in hours:
        clock.set(clock.now() + timedelta(hours=hour))
        await asyncio.sleep(2)


async def misbehave(stage: Stage, how: str, seconds: float, what: str = "handlers") -> None:
    """Handlers fail, hang or dawdle; commits linger."""
    told = stage.plant.armed / what
    told.write_text(how)
    await asyncio.sleep(seconds)
    told.unlink(missing_ok=True)


async def exhaust_the_pool(stage: Stage, seconds: float) -> None:
    """A table is locked, so that acts pile up until the pool has no connection left."""
    async with stage.plant.database("registry") as connection, connection.transaction():
        await connection.execute("LOCK TABLE certificate IN ACCESS EXCLUSIVE MODE")
        waiting = [asyncio.create_task(_read(stage)) for _ in range(READS)]
        await asyncio.sleep(seconds)
    await asyncio.gather(*waiting, return_exceptions=True)


async def _read(stage: Stage) -> None:
    await stage.load.clients["registry"].get("/v1/certificates", headers=stage.load.credentials())


_NEXT_VERSION = {
    "registry": ("certificate", "outbox", "event_log"),
    "sampling": ("campaign", "inbox", "inbox_sequence", "outbox"),
    "inspection": ("inspection", "notice"),
    "cases": ("qualification_matter",),
    "reporting": ("summary", "matter"),
}


async def migrate(stage: Stage) -> None:
    """The next version's migration runs while this version serves, and is undone: columns, indexes built beside the writes."""
    for service, tables in _NEXT_VERSION.items():
        async with stage.plant.database(service) as connection:
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
async def second_process(stage: Stage, service: str, **other: str) -> AsyncIterator[Process]:
    """A second process of a service beside the first, told `other` variables too; killed in the end, and never started again."""
    program = second(stage, service, other)
    with program.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(*program.command, env=program.environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def second(stage: Stage, service: str, other: dict[str, str]) -> Program:
    """The second process of a service as a program."""
    return stage.plant.instrumented(service, CCC_FAULTS_SECOND="yes", **other)


async def until_ready(program: Program) -> None:
    """Wait until it takes work."""
    async with asyncio.timeout(GRACE_SECONDS):
        while not await asyncio.to_thread(program.ready):
            await asyncio.sleep(0.1)


async def lose_the_leading_relay(stage: Stage, signum: signal.Signals) -> None:
    """Two processes of the registry; the one that relays is killed or frozen, and the other goes on."""
    async with second_process(stage, "registry"):
        await until_ready(second(stage, "registry", {}))
        await asyncio.sleep(1)
        stage.plant.send("registry", signum)
        await asyncio.sleep(12)
        stage.plant.send("registry", signal.SIGCONT)
        await stage.plant.ready("registry")
