"""The parts of messaging inside a process: what fails begins anew, whatever it fails with."""

import asyncio

import pytest

from shared.messaging.outbox.relay import Relay
from tests.shared.messaging.fixtures import Coast, running, until

pytestmark = pytest.mark.messaging


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_a_part_begins_anew_even_when_the_client_cancelled_a_task_of_its_own(
    coast: Coast, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    run, failed = Relay.run, asyncio.Event()

    async def fail_once(self: Relay) -> None:
        if not failed.is_set():
            failed.set()
            raise error
        await run(self)

    monkeypatch.setattr(Relay, "run", fail_once)
    process = coast.telling()
    async with running(process):
        await failed.wait()
        await coast.light("a", 1)
        await until(coast._is_sent, 20)
        assert process.ready()


async def test_a_part_that_is_told_to_end_ends(coast: Coast) -> None:
    process = coast.telling()
    await process.start()
    process._tasks[0].cancel()
    await asyncio.wait(process._tasks[:1], timeout=5)
    assert process._tasks[0].cancelled()
    assert not process.ready()
    await process.stop()
