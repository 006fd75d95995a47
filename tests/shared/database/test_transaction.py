"""What was answered is committed: no act on a connection that an earlier one left in the midst of its transaction."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import URL

from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.database.outage import is_outage
from shared.database.session import Database, NothingCommittedError, ReadSession, Session, open_database, reading, transaction


@pytest.fixture
async def database(postgres: URL) -> AsyncIterator[Database]:
    opened = open_database(postgres, pool_size=1, clock=SystemClock(), name="whole")
    yield opened
    await opened.close()


@pytest.fixture
async def table(database: Database) -> str:
    name = f"acts_{new_id().hex}"
    async with transaction(database) as session:
        await session.fetch(f"CREATE TABLE {name} (number int PRIMARY KEY)")
    return name


async def act(database: Database, table: str, number: int) -> None:
    async with transaction(database) as session:
        await session.fetch(f"INSERT INTO {table} VALUES ($1)", number)


async def committed(database: Database, table: str) -> list[int]:
    async with reading(database) as session:
        return [row[0] for row in await session.fetch(f"SELECT number FROM {table} ORDER BY number")]


@pytest.mark.parametrize("statement", ["BEGIN", "COMMIT", "ROLLBACK"])
@pytest.mark.parametrize("error", [asyncio.CancelledError, TimeoutError])
async def test_an_act_broken_off_at_its_edges_takes_no_later_one_along(
    database: Database, table: str, monkeypatch: pytest.MonkeyPatch, statement: str, error: type[BaseException]
) -> None:
    execute: Any = asyncpg.Connection.execute
    broken = 0

    async def break_off(self: asyncpg.Connection, query: str, *arguments: Any, **named: Any) -> str:
        nonlocal broken
        if query.startswith("BEGIN" if statement == "BEGIN" else statement) and not broken:
            broken += 1
            if statement == "BEGIN":
                await execute(self, query)
            raise error
        return str(await execute(self, query, *arguments, **named))

    monkeypatch.setattr(asyncpg.Connection, "execute", break_off)
    with suppress(BaseException):
        async with transaction(database) as session:
            await session.fetch(f"INSERT INTO {table} VALUES (0)")
            if statement == "ROLLBACK":
                raise ValueError
    assert broken == 1
    for number in range(1, 6):
        await act(database, table, number)
    assert await committed(database, table) == [1, 2, 3, 4, 5]


async def _go_on_after_a_failure(database: Database, table: str) -> None:
    async with transaction(database) as session:
        with suppress(asyncpg.UniqueViolationError):
            await session.fetch(f"INSERT INTO {table} VALUES (1)")


async def test_an_act_that_goes_on_after_a_failed_statement_is_not_answered_as_done(database: Database, table: str) -> None:
    await act(database, table, 1)
    with pytest.raises(NothingCommittedError):
        await _go_on_after_a_failure(database, table)
    assert await committed(database, table) == [1]


async def test_a_connection_left_in_a_transaction_of_the_driver_is_not_lent_again(database: Database, table: str) -> None:
    async with database.writing.connect() as connection:
        bare: Any = (await connection.get_raw_connection()).driver_connection
        await bare.transaction().start()
    for number in range(4):
        await act(database, table, number)
    assert await committed(database, table) == [0, 1, 2, 3]
    assert bare.is_closed()


async def _lose_the_connection_and_fail(database: Database) -> None:
    async with transaction(database) as session:
        session.driver.terminate()
        raise ValueError("of the act")


async def test_what_went_wrong_first_is_what_is_raised(database: Database) -> None:
    with pytest.raises(ValueError, match="of the act"):
        await _lose_the_connection_and_fail(database)


@pytest.mark.parametrize("use", [transaction, reading])
async def test_a_connection_that_the_server_is_ending_is_an_outage_and_no_crash(
    database: Database, postgres: URL, use: Callable[[Database], AbstractAsyncContextManager[Session | ReadSession]]
) -> None:
    """Between the server's message and the end of the stream the driver calls the connection open, and refuses a statement."""
    other = open_database(postgres, pool_size=1, clock=SystemClock(), name="other")
    errors: list[Exception] = []

    async def process() -> int:
        async with use(database) as session:
            return int((await session.fetch("SELECT pg_backend_pid()"))[0][0])

    for moment in range(150):
        try:
            ending = asyncio.create_task(_end(other, await process()))
            for _ in range(moment % 15):
                await asyncio.sleep(0)
            await asyncio.sleep(moment % 10 / 10_000)
            await process()
        except Exception as error:  # noqa: BLE001  (whatever comes is looked at below)
            errors.append(error)
        await ending
    await other.close()
    assert errors
    assert [error for error in errors if not is_outage(error)] == []


async def _end(database: Database, process: int) -> None:
    async with transaction(database) as session:
        await session.fetch("SELECT pg_terminate_backend($1)", process)
