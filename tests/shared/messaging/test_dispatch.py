"""Each event is handled once, in the order of its aggregate, however it is delivered."""

import asyncio
import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from shared.database.session import Database, Session, driver, transaction
from shared.events.base import Delivery
from shared.messaging import emit
from shared.messaging.envelope import Record
from shared.messaging.inbox import batch, dispatcher
from shared.messaging.inbox.dispatcher import Dispatcher
from shared.messaging.inbox.handlers import Handlers
from shared.messaging.inbox.retry import RetryWorker
from shared.messaging.outbox import store
from shared.testing.bus import HandlerFailedInTest, Subscriber, deliver_all, record_of
from tests.shared.messaging.events import TestEvent, UnhandledEvent, effects, emit_events, rows, write_and_emit, write_effect

HANDLERS: Handlers = {TestEvent: write_effect}


async def test_an_event_reaches_its_handler_and_the_events_that_follow_are_published(
    producer: Database, consumer: Database
) -> None:
    await emit_events(producer, "a", 1, 2)
    carried = await deliver_all([producer, consumer], [Subscriber(consumer, {TestEvent: write_and_emit})])
    assert carried == 4
    assert await effects(consumer, "a") == [1, 2]
    assert len(await rows(consumer, "SELECT * FROM event_log")) == 2
    assert not await rows(producer, "SELECT * FROM outbox")


async def records(database: Database) -> list[Record]:
    """All events that a service has emitted and not yet sent, as records."""
    async with transaction(database) as session:
        events = await store.unsent(await driver(session), 1000)
    return [record_of(database.service, event) for event in events]


@pytest.mark.parametrize("seed", range(5))
async def test_an_event_delivered_three_times_in_any_order_is_handled_once_and_in_order(
    producer: Database, consumer: Database, seed: int
) -> None:
    for subject in "abc":
        await emit_events(producer, subject, *range(10))
    shuffled = await records(producer) * 3
    random.Random(seed).shuffle(shuffled)
    dispatcher, retry_worker = Dispatcher(consumer, HANDLERS), RetryWorker(consumer, HANDLERS)
    for start in range(0, len(shuffled), 7):
        await dispatcher.handle(shuffled[start : start + 7])
        await retry_worker.retry_due()
    assert [await effects(consumer, subject) for subject in "abc"] == [list(range(10))] * 3
    assert not await rows(consumer, "SELECT * FROM dead_letter WHERE resolved_at IS NULL")


async def test_types_without_a_handler_are_counted_so_that_the_next_is_no_gap(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", 1)
    async with transaction(producer) as session:
        emit(session, UnhandledEvent(subject="a"))
    await emit_events(producer, "a", 2)
    await Dispatcher(consumer, HANDLERS).handle(await records(producer))
    assert await effects(consumer, "a") == [1, 2]
    assert [row["sequence"] for row in await rows(consumer, "SELECT sequence FROM inbox ORDER BY sequence")] == [1, 3]


async def test_a_handler_acts_at_the_instant_of_the_event(producer: Database, consumer: Database) -> None:
    seen = []

    async def look(session: Session, event: TestEvent, delivery: Delivery) -> None:
        seen.append((session.now, delivery.occurred_at, delivery.source, delivery.aggregate, delivery.sequence))
        assert isinstance(delivery.event_id, UUID)

    await emit_events(producer, "a", 1)
    at = producer.clock.now()
    await Dispatcher(consumer, {TestEvent: look}).handle(await records(producer))
    assert seen == [(at, at, "producer", "a", 1)]


async def test_settling_a_test_shows_which_handler_failed(producer: Database, consumer: Database) -> None:
    async def fail(session: Session, event: TestEvent, delivery: Delivery) -> None:
        raise RuntimeError("the handler is broken")

    await emit_events(producer, "a", 1)
    with pytest.raises(HandlerFailedInTest, match="the handler is broken"):
        await deliver_all([producer], [Subscriber(consumer, {TestEvent: fail})])


async def test_two_consumers_with_the_same_records_give_them_one_effect(producer: Database, consumer: Database) -> None:
    await emit_events(producer, "a", *range(5))
    published = await records(producer)
    both_in = asyncio.Barrier(2)

    async def wait_for_each_other(session: Session, event: TestEvent, delivery: Delivery) -> None:
        if event.number == 0:
            await asyncio.wait_for(both_in.wait(), 5)
        await write_effect(session, event, delivery)

    rivals = [Dispatcher(consumer, {TestEvent: wait_for_each_other}) for _ in range(2)]
    outcomes = await asyncio.gather(*(rival.handle(published) for rival in rivals), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "OvertakenError"]
    assert await effects(consumer, "a") == [0, 1, 2, 3, 4]
    await Dispatcher(consumer, HANDLERS).handle(published)
    assert await effects(consumer, "a") == [0, 1, 2, 3, 4]
    assert not await rows(consumer, "SELECT * FROM dead_letter")


async def test_a_handler_that_hangs_is_cancelled_and_blocks_its_own_aggregate_only(
    producer: Database, consumer: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (batch, dispatcher):
        monkeypatch.setattr(module, "HANDLER_SECONDS", 0.3)

    async def hang(session: Session, event: TestEvent, delivery: Delivery) -> None:
        await asyncio.sleep(3600 if event.subject == "b" else 0.1)
        await write_effect(session, event, delivery)

    for subject in "abc":
        await emit_events(producer, subject, 1, 2)
    await asyncio.wait_for(Dispatcher(consumer, {TestEvent: hang}).handle(await records(producer)), 10)
    assert [await effects(consumer, subject) for subject in "abc"] == [[1, 2], [], [1, 2]]
    letters = await rows(consumer, "SELECT aggregate, reason, error FROM dead_letter ORDER BY sequence")
    assert [tuple(row) for row in letters] == [("b", "retrying", "TimeoutError: "), ("b", "deferred", None)]


async def test_another_event_under_a_number_that_was_handled_is_dead_lettered_and_never_dropped(
    producer: Database, consumer: Database
) -> None:
    await emit_events(producer, "a", 1, 2)
    first, second = await records(producer)
    await Dispatcher(consumer, HANDLERS).handle([first, second])
    other = replace(second, headers=[*second.headers, ("ce_id", str(uuid4()).encode())])
    for _ in range(2):
        await Dispatcher(consumer, HANDLERS).handle([other, first])
    assert await effects(consumer, "a") == [1, 2]
    (letter,) = await rows(consumer, "SELECT reason, error FROM dead_letter")
    assert tuple(letter) == (
        "unreadable",
        "ContradictingEvent: its source published another event under this sequence number before",
    )
