"""An event is published exactly when its command commits, and each aggregate counts its events without a gap."""

import asyncio
import time
from contextlib import suppress

import pytest

from shared.database.session import Database, transaction
from shared.messaging.outbox.emit import MAX_DATA_BYTES, emit
from tests.shared.messaging.events import FollowUpEvent, TestEvent, UnhandledEvent, emit_events, rows

BULK = 10_000


async def test_a_committed_command_leaves_its_events_in_the_order_of_emitting(producer: Database) -> None:
    async with transaction(producer) as session:
        for event in (TestEvent(subject="a"), TestEvent(subject="b"), UnhandledEvent(subject="a")):
            emit(session, event)
    outbox = await rows(producer, "SELECT type, aggregate, sequence FROM outbox ORDER BY id")
    assert [tuple(row) for row in outbox] == [
        ("ccc.producer.TestEvent", "a", 1),
        ("ccc.producer.TestEvent", "b", 1),
        ("ccc.producer.UnhandledEvent", "a", 2),
    ]


async def test_a_command_that_fails_publishes_nothing_and_takes_no_number(producer: Database) -> None:
    await _fail_after_writing(producer)
    assert not await rows(producer, "SELECT * FROM outbox")
    await emit_events(producer, "a", 7)
    assert [row["sequence"] for row in await rows(producer, "SELECT sequence FROM outbox")] == [1]


async def _fail_after_writing(database: Database) -> None:
    with suppress(RuntimeError):
        async with transaction(database) as session:
            emit(session, TestEvent(subject="a"))
            await session.write_now()
            raise RuntimeError


async def test_nobody_emits_the_events_of_another(producer: Database) -> None:
    async with transaction(producer) as session:
        with pytest.raises(TypeError, match="FollowUpEvent belongs to consumer"):
            emit(session, FollowUpEvent(item="i", subject="a"))


async def test_an_event_too_large_for_the_broker_is_rejected_when_emitted(producer: Database) -> None:
    async with transaction(producer) as session:
        with pytest.raises(ValueError, match="larger than"):
            emit(session, TestEvent(subject="灯" * MAX_DATA_BYTES))


async def test_a_commit_wakes_the_relay_and_a_rollback_does_not(producer: Database) -> None:
    await _fail_after_writing(producer)
    assert not producer.emitted.is_set()
    await emit_events(producer, "a", 1)
    assert producer.emitted.is_set()


async def test_ids_follow_the_order_of_commits_within_an_aggregate(producer: Database) -> None:
    async def worker(number: int) -> None:
        for step in range(25):
            async with transaction(producer) as session:
                for subject in ("c", "a", "b") if number % 2 else ("b", "c", "a"):
                    emit(session, TestEvent(subject=subject, number=step))

    await asyncio.gather(*(worker(number) for number in range(8)))
    outbox = await rows(producer, "SELECT aggregate, sequence FROM outbox ORDER BY id")
    for subject in "abc":
        assert [row["sequence"] for row in outbox if row["aggregate"] == subject] == list(range(1, 201))


async def test_ten_thousand_events_of_one_command_take_less_than_a_second(producer: Database) -> None:
    async with transaction(producer) as session:
        for number in range(BULK):
            emit(session, TestEvent(subject=f"subject-{number % 5000}", number=number))
        begun = time.perf_counter()
        await session.write_now()
        took = time.perf_counter() - begun
    outbox = await rows(producer, "SELECT (data->>'number')::int AS number, sequence FROM outbox ORDER BY id")
    assert [row["number"] for row in outbox] == list(range(BULK))
    assert {row["sequence"] for row in outbox} == {1, 2}
    assert took < 1.0
