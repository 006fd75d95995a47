"""A fact is told exactly when the act happened, and each aggregate counts its facts without a gap."""

import asyncio
import time
from contextlib import suppress

import pytest

from shared.database.session import Database, transaction
from shared.messaging.outbox.emit import MAX_DATA_BYTES, emit
from tests.shared.messaging.events import LampLit, LampOut, ShipWarned, light, rows

BULK = 10_000


async def test_a_committed_act_leaves_its_facts_in_the_order_of_telling(lighthouse: Database) -> None:
    async with transaction(lighthouse) as session:
        for event in (LampLit(lamp="a"), LampLit(lamp="b"), LampOut(lamp="a")):
            emit(session, event)
    told = await rows(lighthouse, "SELECT type, aggregate, sequence FROM outbox ORDER BY id")
    assert [tuple(row) for row in told] == [
        ("ccc.lighthouse.LampLit", "a", 1),
        ("ccc.lighthouse.LampLit", "b", 1),
        ("ccc.lighthouse.LampOut", "a", 2),
    ]


async def test_an_act_that_fails_tells_nothing_and_takes_no_number(lighthouse: Database) -> None:
    await _fail_after_writing(lighthouse)
    assert not await rows(lighthouse, "SELECT * FROM outbox")
    await light(lighthouse, "a", 7)
    assert [row["sequence"] for row in await rows(lighthouse, "SELECT sequence FROM outbox")] == [1]


async def _fail_after_writing(database: Database) -> None:
    with suppress(RuntimeError):
        async with transaction(database) as session:
            emit(session, LampLit(lamp="a"))
            await session.write_now()
            raise RuntimeError


async def test_nobody_tells_the_facts_of_another(lighthouse: Database) -> None:
    async with transaction(lighthouse) as session:
        with pytest.raises(TypeError, match="ShipWarned belongs to harbour"):
            emit(session, ShipWarned(ship="s", lamp="a"))


async def test_a_fact_too_large_for_the_broker_is_refused_when_told(lighthouse: Database) -> None:
    async with transaction(lighthouse) as session:
        with pytest.raises(ValueError, match="larger than"):
            emit(session, LampLit(lamp="灯" * MAX_DATA_BYTES))


async def test_a_commit_wakes_the_relay_and_a_rollback_does_not(lighthouse: Database) -> None:
    await _fail_after_writing(lighthouse)
    assert not lighthouse.told.is_set()
    await light(lighthouse, "a", 1)
    assert lighthouse.told.is_set()


async def test_ids_follow_the_order_of_commits_within_an_aggregate(lighthouse: Database) -> None:
    async def worker(number: int) -> None:
        for step in range(25):
            async with transaction(lighthouse) as session:
                for lamp in ("c", "a", "b") if number % 2 else ("b", "c", "a"):
                    emit(session, LampLit(lamp=lamp, number=step))

    await asyncio.gather(*(worker(number) for number in range(8)))
    told = await rows(lighthouse, "SELECT aggregate, sequence FROM outbox ORDER BY id")
    for lamp in "abc":
        assert [row["sequence"] for row in told if row["aggregate"] == lamp] == list(range(1, 201))


async def test_ten_thousand_facts_of_one_act_take_less_than_a_second(lighthouse: Database) -> None:
    async with transaction(lighthouse) as session:
        for number in range(BULK):
            emit(session, LampLit(lamp=f"lamp-{number % 5000}", number=number))
        begun = time.perf_counter()
        await session.write_now()
        took = time.perf_counter() - begun
    told = await rows(lighthouse, "SELECT (data->>'number')::int AS number, sequence FROM outbox ORDER BY id")
    assert [row["number"] for row in told] == list(range(BULK))
    assert {row["sequence"] for row in told} == {1, 2}
    assert took < 1.0
