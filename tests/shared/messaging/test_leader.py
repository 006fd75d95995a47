"""One relay leads; when it is killed or freezes, another goes on within seconds, and nothing is lost or disordered."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from shared.messaging.outbox import store
from shared.messaging.outbox.leader import FROZEN_SECONDS, leading, own_connection
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import Coast, running, until

pytestmark = pytest.mark.messaging

Process = asyncio.subprocess.Process
_LEADERS = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
async def relay_process(coast: Coast) -> AsyncIterator[Callable[[], Awaitable[Process]]]:
    """Start processes that relay for the lighthouse."""
    started: list[Process] = []

    async def start() -> Process:
        address = coast.lighthouse.writing.url.render_as_string(hide_password=False)
        command = (
            "-m",
            "tests.shared.messaging.relay_process",
            coast.lighthouse.service,
            address,
            coast.broker.bootstrap,
        )
        started.append(await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _leads(coast: Coast) -> bool:
    return bool(await rows(coast.lighthouse, _LEADERS))


@pytest.mark.parametrize(("fault", "within"), [(signal.SIGKILL, 5.0), (signal.SIGSTOP, FROZEN_SECONDS + 5.0)])
async def test_a_standby_goes_on(
    coast: Coast, relay_process: Callable[[], Awaitable[Process]], fault: signal.Signals, within: float
) -> None:
    leader = await relay_process()
    await until(lambda: _leads(coast))
    async with running(coast.telling("standby"), coast.hearing()):
        await coast.light("a", *range(50))
        await coast.settled("a", list(range(50)))
        leader.send_signal(fault)
        begun = time.monotonic()
        await coast.light("a", *range(50, 100))
        await coast.settled("a", list(range(100)))
        took = time.monotonic() - begun
        assert len(await rows(coast.lighthouse, _LEADERS)) == 1
        if leader.returncode is None:
            leader.send_signal(signal.SIGCONT)
        await coast.light("a", *range(100, 150))
        await coast.settled("a", list(range(150)))
    assert took < within
    assert not await rows(coast.harbour, "SELECT 1 FROM parked_event WHERE reason <> 'waiting'")


async def test_who_lost_the_leadership_cannot_write(coast: Coast) -> None:
    await coast.light("a", 1)
    never = asyncio.Event()
    async with leading(coast.lighthouse, never) as first, own_connection(coast.lighthouse, "other") as other:
        assert first is not None
        await other.execute("SELECT pg_terminate_backend($1)", first.get_server_pid())
        async with leading(coast.lighthouse, never) as second:
            assert second is not None
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)):
                await store.move(first, [1], coast.lighthouse.clock.now())
    assert len(await rows(coast.lighthouse, "SELECT 1 FROM outbox")) == 1
