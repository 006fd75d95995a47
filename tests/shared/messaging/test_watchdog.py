"""A listener that is given nothing though there is something ends its process; one that waits for its database does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.database.outage import Outage
from shared.messaging import Messaging
from shared.messaging.broker import Broker, Consumer
from shared.messaging.inbox import consumer, offsets
from tests.shared.messaging.fixtures import Coast, running, until, write

pytestmark = pytest.mark.messaging
PATIENCE = 2.0


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "STUCK_SECONDS", PATIENCE)
    monkeypatch.setattr(consumer, "LOOK_SECONDS", PATIENCE / 5)


@asynccontextmanager
async def watched(coast: Coast) -> AsyncIterator[asyncio.Event]:
    """A process of the harbour; the event is set when it would have ended."""
    ended = asyncio.Event()
    settings, handlers = coast.broker.settings(), {coast.lit: write}
    process = Messaging(coast.harbour.service, coast.harbour, settings, handlers, instance="one", on_stuck=ended.set)
    async with running(process):
        yield ended


async def _give_nothing(*_: Any) -> None:
    await asyncio.sleep(0.05)


async def test_a_client_that_gives_nothing_of_what_there_is_ends_the_process(
    coast: Coast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Consumer, "batch", _give_nothing)
    async with running(coast.telling()), watched(coast) as ended:
        await coast.light("a", 1)
        await asyncio.wait_for(ended.wait(), 30)


async def test_a_client_that_has_nothing_to_give_is_left_alone(coast: Coast, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(coast.telling()), watched(coast) as ended:
        await coast.light("a", 1)
        await coast.settled("a", [1])
        monkeypatch.setattr(Consumer, "batch", _give_nothing)
        await asyncio.sleep(4 * PATIENCE)
        assert not ended.is_set()


async def test_waiting_for_the_database_is_no_reason_to_end(coast: Coast, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, until_then = offsets.begin, asyncio.get_running_loop().time() + 5 * PATIENCE

    async def away(*arguments: Any) -> Any:
        if asyncio.get_running_loop().time() < until_then:
            raise Outage("the database does not answer")
        return await begin(*arguments)

    monkeypatch.setattr(consumer, "LONGEST_PAUSE", PATIENCE / 2)
    monkeypatch.setattr(offsets, "begin", away)
    async with running(coast.telling()), watched(coast) as ended:
        await coast.light("a", 1)
        await coast.settled("a", [1])
        assert not ended.is_set()


async def test_a_member_that_the_group_does_not_have_sees_what_is_left(coast: Coast) -> None:
    async with running(coast.telling()):
        await coast.light("a", *range(5))
        await coast.sent()
    async with Consumer(Broker(coast.broker.settings()), f"group-{coast.name}", [coast.topic], "one") as member:

        async def taken_in() -> bool:
            return bool(member.given)

        await until(taken_in, 20)
        assert await member.behind() == 5
        member._membership.member = False
        assert await member.behind() == 5
