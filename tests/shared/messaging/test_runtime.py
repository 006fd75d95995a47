"""The parts of messaging inside a process: whatever a part fails with, it is restarted."""

import asyncio

import pytest

from shared.messaging.outbox.relay import Relay
from tests.shared.messaging.fixtures import ServicePair, running, until

pytestmark = pytest.mark.messaging


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_a_part_is_restarted_even_when_the_client_cancelled_a_task_of_its_own(
    pair: ServicePair, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    run, failed = Relay.run, asyncio.Event()

    async def fail_once(self: Relay) -> None:
        if not failed.is_set():
            failed.set()
            raise error
        await run(self)

    monkeypatch.setattr(Relay, "run", fail_once)
    process = pair.producer_process()
    async with running(process):
        await failed.wait()
        await pair.emit_events("a", 1)
        await until(pair._is_sent, 20)
        assert process.ready()


async def test_a_part_that_is_cancelled_ends(pair: ServicePair) -> None:
    process = pair.producer_process()
    await process.start()
    process._tasks[0].cancel()
    await asyncio.wait(process._tasks[:1], timeout=5)
    assert process._tasks[0].cancelled()
    assert not process.ready()
    await process.stop()
