"""How parts of an installation are broken and healed; each returns when what it broke is whole again."""

import asyncio
import random
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy import SERVICES
from shared.clock import TestClock
from tests.faults.load import Load
from tests.faults.plant import DATABASE_PORT, Plant, broker_port

TOPICS = [f"ccc.{service}" for service in SERVICES]
LISTENERS = ("sampling", "inspection", "cases", "reporting")


@dataclass
class Stage:
    """What a fault works on: the plant, the load on it, and chance from the seed of the run."""

    plant: Plant
    load: Load
    chance: random.Random


async def die_at(stage: Stage, point: str) -> None:
    """kill -9 exactly at a failpoint."""
    candidates = LISTENERS if point.startswith("consumer") else ("registry", "sampling")
    service = stage.chance.choice(candidates[:2])
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


async def replace_brokers(stage: Stage) -> None:
    """Brokers that come back with nothing."""
    names = stage.plant.broker_names
    stage.plant.hold(*names)
    for name in names:
        stage.plant.send(name, signal.SIGKILL)
    await asyncio.sleep(1)
    await stage.plant.empty_brokers()
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


async def cut(stage: Stage, port: int, seconds: float) -> None:
    """Packets to and from a port vanish."""
    rules = [["INPUT", "-i", "lo", "-p", "tcp", side, str(port), "-j", "DROP"] for side in ("--dport", "--sport")]
    for rule in rules:
        await _iptables("-I", *rule)
    try:
        await asyncio.sleep(seconds)
    finally:
        for rule in rules:
            await _iptables("-D", *rule)


async def _iptables(*arguments: str) -> None:
    await asyncio.to_thread(subprocess.run, ["iptables", *arguments], check=True)


async def cut_brokers(stage: Stage, seconds: float) -> None:
    """Nobody reaches a broker."""
    await cut(stage, broker_port(1), seconds)


async def cut_database(stage: Stage, seconds: float) -> None:
    """Nobody reaches PostgreSQL."""
    await cut(stage, DATABASE_PORT, seconds)


async def fill_disk(stage: Stage, seconds: float) -> None:
    """No byte is left for PostgreSQL and the broker."""
    filler = stage.plant.home.directory / "disk" / "filler"
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
    """The clock of the services jumps, back and forth."""
    clock = TestClock(stage.plant.home.clock)
    for hour in hours:
        clock.set(clock.now() + timedelta(hours=hour))
        await asyncio.sleep(2)


async def misbehave(stage: Stage, how: str, seconds: float) -> None:
    """Handlers fail, hang or dawdle."""
    told = stage.plant.armed / "handlers"
    told.write_text(how)
    await asyncio.sleep(seconds)
    told.unlink(missing_ok=True)


async def deliver_again(stage: Stage, times: int, *, shuffled: bool) -> None:
    """Every record of every topic once more, or more often, in its order or in none."""
    async with _client(AIOKafkaConsumer(bootstrap_servers=stage.plant.bootstrap)) as consumer:
        records = [record for topic in TOPICS for record in await _all_of(consumer, topic)]
    again = records * times
    if shuffled:
        stage.chance.shuffle(again)
    async with _client(AIOKafkaProducer(bootstrap_servers=stage.plant.bootstrap, linger_ms=5)) as producer:
        sent = [await producer.send(one.topic, one.value, one.key, headers=list(one.headers)) for one in again]
        await asyncio.gather(*sent)


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


@asynccontextmanager
async def _client(client: Any) -> AsyncIterator[Any]:
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


POISON: dict[str, Callable[[dict[str, bytes], bytes], tuple[dict[str, bytes], bytes]]] = {
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
    before = await _parked(stage)
    async with _client(AIOKafkaProducer(bootstrap_servers=stage.plant.bootstrap)) as producer:
        for number, spoil in enumerate(POISON.values()):
            key = f"poison-{stage.chance.getrandbits(64):x}-{number}".encode()
            headers, value = spoil(_envelope(stage, key), b"{}")
            await producer.send_and_wait("ccc.registry", value, key, headers=list(headers.items()))
    async with asyncio.timeout(60):
        while await _parked(stage) < before + len(POISON):
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


async def exhaust_the_pool(stage: Stage, seconds: float) -> None:
    """A table is locked, so that acts pile up until the pool has no connection left."""
    bodies = [one.body for one in stage.load.history if one.kind == "declaration" and one.acknowledged][:1]
    async with stage.plant.database("registry") as connection, connection.transaction():
        await connection.execute("LOCK TABLE certificate IN ACCESS EXCLUSIVE MODE")
        waiting = [asyncio.create_task(_read(stage)) for _ in range(60 * len(bodies))]
        await asyncio.sleep(seconds)
    await asyncio.gather(*waiting, return_exceptions=True)


async def _read(stage: Stage) -> None:
    await stage.load.clients["registry"].get("/v1/certificates", headers=stage.load.credentials())


async def migrate(stage: Stage) -> None:
    """The next version's migration runs while this version serves: columns and an index are added."""
    tables = {"registry": ("certificate", "outbox", "event_log"), "sampling": ("campaign", "inbox", "inbox_sequence", "outbox")}
    for service, names in tables.items():
        async with stage.plant.database(service) as connection:
            for name in names:
                await connection.execute("SET lock_timeout = '5s'")
                await connection.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS next_version text DEFAULT 'none'")
                await asyncio.sleep(0.3)


@asynccontextmanager
async def second_process(stage: Stage, service: str) -> AsyncIterator[str]:
    """A second process of a service beside the first."""
    plant = stage.plant
    port = plant.programs.ports.services[service] + 500
    name = f"{service}-second"
    plant.release(name)
    await plant.supervisor.start(plant.instrumented(service, port=port, instance="-second"))
    try:
        yield name
    finally:
        plant.hold(name)
        plant.send(name, signal.SIGTERM)
        del plant.supervisor.children[name]  # it is held for good; nobody waits for it


async def lose_the_leading_relay(stage: Stage, signum: signal.Signals) -> None:
    """Two processes of the registry; the one that relays is killed or frozen, and the other goes on."""
    async with second_process(stage, "registry"):
        await asyncio.sleep(1)
        stage.plant.send("registry", signum)
        await asyncio.sleep(12)
        stage.plant.send("registry", signal.SIGCONT)
        await stage.plant.ready("registry")
