"""The pool serves whoever came first, gives up in time, and lends no connection whose server is known to be gone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.core.clock import SystemClock
from shared.database.session import Database, open_database, reading

SIZE = 3


@pytest.fixture
async def database(postgres: URL) -> AsyncIterator[Database]:
    opened = open_database(postgres, pool_size=2, clock=SystemClock(), name="pooled")
    yield opened
    await opened.close()


async def answer(database: Database, statement: str = "SELECT 1") -> int:
    async with reading(database) as session:
        return int((await session.fetch(statement))[0][0])


async def test_whoever_came_first_is_served_first(database: Database) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        for turn in (number, SIZE * 8 + number):  # a task that was served queues behind all that wait
            lent = await database.reading.raw_connection()
            served.append(turn)
            await asyncio.sleep(0)
            lent.close()

    await asyncio.gather(*(answer(database, "SELECT 1 FROM pg_sleep(0.02)") for _ in range(SIZE)))
    await asyncio.gather(*(ask(number) for number in range(SIZE * 8)))
    assert served == list(range(SIZE * 16))


async def test_who_waits_for_two_seconds_is_sent_away_and_nothing_is_lost(database: Database) -> None:
    slow = [asyncio.create_task(answer(database, "SELECT 1 FROM pg_sleep(2.5)")) for _ in range(SIZE)]
    await asyncio.sleep(0.1)
    with pytest.raises(PoolTimeout):
        await answer(database)
    assert await asyncio.gather(*slow) == [1] * SIZE
    assert await asyncio.gather(*(answer(database) for _ in range(SIZE * 4))) == [1] * SIZE * 4


async def test_who_goes_away_while_waiting_takes_no_connection_along(database: Database) -> None:
    for _ in range(SIZE * 2):
        held = [asyncio.create_task(answer(database, "SELECT 1 FROM pg_sleep(0.02)")) for _ in range(SIZE)]
        waiting = [asyncio.create_task(answer(database)) for _ in range(SIZE)]
        await asyncio.sleep(0.021)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*held, *waiting, return_exceptions=True)
    assert await asyncio.gather(*(answer(database) for _ in range(SIZE * 4))) == [1] * SIZE * 4


async def test_connections_that_the_server_has_ended_are_replaced_unseen(database: Database) -> None:
    await asyncio.gather(*(answer(database, "SELECT 1 FROM pg_sleep(0.02)") for _ in range(SIZE)))
    others = "application_name = 'pooled' AND pid <> pg_backend_pid()"
    ended = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}"
    assert await answer(database, ended) == SIZE - 1
    await asyncio.sleep(0.1)
    assert await asyncio.gather(*(answer(database) for _ in range(SIZE * 2))) == [1] * SIZE * 2
