"""One relay leads; when it is killed or freezes, another takes over within seconds, and nothing is lost or disordered."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from shared.messaging.outbox import store
from shared.messaging.outbox.leader import FROZEN_SECONDS, dedicated_connection, leadership
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import ServicePair, running, until

pytestmark = pytest.mark.messaging

Process = asyncio.subprocess.Process
_LEADERS = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
async def relay_process(pair: ServicePair) -> AsyncIterator[Callable[[], Awaitable[Process]]]:
    """Start processes that relay for the producer."""
    started: list[Process] = []

    async def start() -> Process:
        address = pair.producer.writing.url.render_as_string(hide_password=False)
        command = (
            "-m",
            "tests.shared.messaging.relay_process",
            pair.producer.service,
            address,
            pair.broker.bootstrap,
        )
        started.append(await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _leads(pair: ServicePair) -> bool:
    return bool(await rows(pair.producer, _LEADERS))


@pytest.mark.parametrize(("fault", "within"), [(signal.SIGKILL, 5.0), (signal.SIGSTOP, FROZEN_SECONDS + 5.0)])
async def test_a_standby_takes_over(
    pair: ServicePair, relay_process: Callable[[], Awaitable[Process]], fault: signal.Signals, within: float
) -> None:
    leader = await relay_process()
    await until(lambda: _leads(pair))
    async with running(pair.producer_process("standby"), pair.consumer_process()):
        await pair.emit_events("a", *range(50))
        await pair.settled("a", list(range(50)))
        leader.send_signal(fault)
        begun = time.monotonic()
        await pair.emit_events("a", *range(50, 100))
        await pair.settled("a", list(range(100)))
        took = time.monotonic() - begun
        assert len(await rows(pair.producer, _LEADERS)) == 1
        if leader.returncode is None:
            leader.send_signal(signal.SIGCONT)
        await pair.emit_events("a", *range(100, 150))
        await pair.settled("a", list(range(150)))
    assert took < within
    assert not await rows(pair.consumer, "SELECT 1 FROM dead_letter WHERE reason <> 'deferred'")


async def test_who_lost_the_leadership_cannot_write(pair: ServicePair) -> None:
    await pair.emit_events("a", 1)
    never = asyncio.Event()
    async with leadership(pair.producer, never) as first, dedicated_connection(pair.producer, "other") as other:
        assert first is not None
        await other.execute("SELECT pg_terminate_backend($1)", first.get_server_pid())
        async with leadership(pair.producer, never) as second:
            assert second is not None
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)):
                await store.move(first, [1], pair.producer.clock.now())
    assert len(await rows(pair.producer, "SELECT 1 FROM outbox")) == 1
