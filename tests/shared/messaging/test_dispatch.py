"""Each fact takes effect once, in the order of its aggregate, however it is delivered."""

import asyncio
import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from shared.database.session import Database, Session, driver, transaction
from shared.events.base import Delivery
from shared.messaging import emit
from shared.messaging.envelope import Record
from shared.messaging.inbox import batch
from shared.messaging.inbox import dispatcher as inbox_dispatcher
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.inbox.retry import Mender
from shared.messaging.outbox import store
from shared.testing.bus import HandlerFailedInTest, Listener, deliver_all, record_of
from tests.shared.messaging.events import LampLit, LampOut, effects, light, rows, warn, write_down

HANDLERS: Handlers = {LampLit: write_down}


async def test_a_fact_reaches_its_handler_and_what_follows_from_it_is_told(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", 1, 2)
    carried = await deliver_all([lighthouse, harbour], [Listener(harbour, {LampLit: warn})])
    assert carried == 4
    assert await effects(harbour, "a") == [1, 2]
    assert len(await rows(harbour, "SELECT * FROM event_log")) == 2
    assert not await rows(lighthouse, "SELECT * FROM outbox")


async def records(database: Database) -> list[Record]:
    """All that a service has told and not yet sent, as records."""
    async with transaction(database) as session:
        facts = await store.unsent(await driver(session), 1000)
    return [record_of(database.service, fact) for fact in facts]


@pytest.mark.parametrize("seed", range(5))
async def test_delivered_three_times_in_any_order_it_takes_effect_once_and_in_order(
    lighthouse: Database, harbour: Database, seed: int
) -> None:
    for lamp in "abc":
        await light(lighthouse, lamp, *range(10))
    shuffled = await records(lighthouse) * 3
    random.Random(seed).shuffle(shuffled)
    dispatcher, mender = Dispatcher(harbour, HANDLERS), Mender(harbour, HANDLERS)
    for start in range(0, len(shuffled), 7):
        await dispatcher.take(shuffled[start : start + 7])
        await mender.mend()
    assert [await effects(harbour, lamp) for lamp in "abc"] == [list(range(10))] * 3
    assert not await rows(harbour, "SELECT * FROM parked_event WHERE resolved_at IS NULL")


async def test_types_nobody_listens_to_are_counted_so_that_the_next_is_no_gap(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", 1)
    async with transaction(lighthouse) as session:
        emit(session, LampOut(lamp="a"))
    await light(lighthouse, "a", 2)
    await Dispatcher(harbour, HANDLERS).take(await records(lighthouse))
    assert await effects(harbour, "a") == [1, 2]
    assert [row["sequence"] for row in await rows(harbour, "SELECT sequence FROM inbox ORDER BY sequence")] == [1, 3]


async def test_a_handler_acts_at_the_instant_of_the_fact(lighthouse: Database, harbour: Database) -> None:
    seen = []

    async def look(session: Session, event: LampLit, delivery: Delivery) -> None:
        seen.append((session.now, delivery.occurred_at, delivery.source, delivery.aggregate, delivery.sequence))
        assert isinstance(delivery.event_id, UUID)

    await light(lighthouse, "a", 1)
    at = lighthouse.clock.now()
    await Dispatcher(harbour, {LampLit: look}).take(await records(lighthouse))
    assert seen == [(at, at, "lighthouse", "a", 1)]


async def test_settling_a_test_tells_which_handler_failed(lighthouse: Database, harbour: Database) -> None:
    async def fail(session: Session, event: LampLit, delivery: Delivery) -> None:
        raise RuntimeError("the bulb is broken")

    await light(lighthouse, "a", 1)
    with pytest.raises(HandlerFailedInTest, match="the bulb is broken"):
        await deliver_all([lighthouse], [Listener(harbour, {LampLit: fail})])


async def test_two_consumers_with_the_same_records_give_them_one_effect(lighthouse: Database, harbour: Database) -> None:
    await light(lighthouse, "a", *range(5))
    told = await records(lighthouse)
    both_in = asyncio.Barrier(2)

    async def wait_for_each_other(session: Session, event: LampLit, delivery: Delivery) -> None:
        if event.number == 0:
            await asyncio.wait_for(both_in.wait(), 5)
        await write_down(session, event, delivery)

    rivals = [Dispatcher(harbour, {LampLit: wait_for_each_other}) for _ in range(2)]
    outcomes = await asyncio.gather(*(rival.take(told) for rival in rivals), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "OvertakenError"]
    assert await effects(harbour, "a") == [0, 1, 2, 3, 4]
    await Dispatcher(harbour, HANDLERS).take(told)
    assert await effects(harbour, "a") == [0, 1, 2, 3, 4]
    assert not await rows(harbour, "SELECT * FROM parked_event")


async def test_a_handler_that_hangs_is_given_up_and_holds_up_its_own_aggregate_only(
    lighthouse: Database, harbour: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (batch, inbox_dispatcher):
        monkeypatch.setattr(module, "HANDLER_SECONDS", 0.3)

    async def hang(session: Session, event: LampLit, delivery: Delivery) -> None:
        await asyncio.sleep(3600 if event.lamp == "b" else 0.1)
        await write_down(session, event, delivery)

    for lamp in "abc":
        await light(lighthouse, lamp, 1, 2)
    await asyncio.wait_for(Dispatcher(harbour, {LampLit: hang}).take(await records(lighthouse)), 10)
    assert [await effects(harbour, lamp) for lamp in "abc"] == [[1, 2], [], [1, 2]]
    parked = await rows(harbour, "SELECT aggregate, reason, error FROM parked_event ORDER BY sequence")
    assert [tuple(row) for row in parked] == [("b", "retrying", "TimeoutError: "), ("b", "waiting", None)]


async def test_another_fact_under_a_number_that_was_heard_is_parked_and_never_dropped(
    lighthouse: Database, harbour: Database
) -> None:
    await light(lighthouse, "a", 1, 2)
    first, second = await records(lighthouse)
    await Dispatcher(harbour, HANDLERS).take([first, second])
    other = replace(second, headers=[*second.headers, ("ce_id", str(uuid4()).encode())])
    for _ in range(2):
        await Dispatcher(harbour, HANDLERS).take([other, first])
    assert await effects(harbour, "a") == [1, 2]
    (parked,) = await rows(harbour, "SELECT reason, error FROM parked_event")
    assert tuple(parked) == ("unreadable", "ToldOtherwise: its source told another fact under this number before")
