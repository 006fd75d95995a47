"""A consumer that receives nothing though there is a lag ends its process; one that waits for its database does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.database.outage import Outage
from shared.messaging import Messaging
from shared.messaging.broker import Broker, GroupConsumer
from shared.messaging.inbox import consumer, offsets
from tests.shared.messaging.fixtures import ServicePair, running, until, write

pytestmark = pytest.mark.messaging
STUCK_SECONDS = 2.0


@pytest.fixture(autouse=True)
def _soon_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "STUCK_SECONDS", STUCK_SECONDS)
    monkeypatch.setattr(consumer, "LOOK_SECONDS", STUCK_SECONDS / 5)


@asynccontextmanager
async def watched(pair: ServicePair) -> AsyncIterator[asyncio.Event]:
    """A process of the consumer; the event is set when it would have ended."""
    ended = asyncio.Event()
    settings, handlers = pair.broker.settings(), {pair.event_type: write}
    process = Messaging(pair.consumer.service, pair.consumer, settings, handlers, instance="one", on_stuck=ended.set)
    async with running(process):
        yield ended


async def _no_records(*_: Any) -> None:
    await asyncio.sleep(0.05)


async def test_a_client_that_yields_none_of_the_records_ends_the_process(
    pair: ServicePair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GroupConsumer, "batch", _no_records)
    async with running(pair.producer_process()), watched(pair) as ended:
        await pair.emit_events("a", 1)
        await asyncio.wait_for(ended.wait(), 30)


async def test_a_client_without_records_is_left_alone(pair: ServicePair, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(pair.producer_process()), watched(pair) as ended:
        await pair.emit_events("a", 1)
        await pair.settled("a", [1])
        monkeypatch.setattr(GroupConsumer, "batch", _no_records)
        await asyncio.sleep(4 * STUCK_SECONDS)
        assert not ended.is_set()


async def test_waiting_for_the_database_is_no_reason_to_end(pair: ServicePair, monkeypatch: pytest.MonkeyPatch) -> None:
    starting_offsets, until_then = offsets.starting_offsets, asyncio.get_running_loop().time() + 5 * STUCK_SECONDS

    async def away(*arguments: Any) -> Any:
        if asyncio.get_running_loop().time() < until_then:
            raise Outage("the database does not answer")
        return await starting_offsets(*arguments)

    monkeypatch.setattr(consumer, "LONGEST_PAUSE", STUCK_SECONDS / 2)
    monkeypatch.setattr(offsets, "starting_offsets", away)
    async with running(pair.producer_process()), watched(pair) as ended:
        await pair.emit_events("a", 1)
        await pair.settled("a", [1])
        assert not ended.is_set()


async def test_a_member_that_has_not_joined_sees_the_whole_lag(pair: ServicePair) -> None:
    async with running(pair.producer_process()):
        await pair.emit_events("a", *range(5))
        await pair.sent()
    async with GroupConsumer(Broker(pair.broker.settings()), f"group-{pair.name}", [pair.topic], "one") as member:

        async def assigned() -> bool:
            return bool(member.assigned)

        await until(assigned, 20)
        assert await member.lag() == 5
        member._membership.joined = False
        assert await member.lag() == 5
