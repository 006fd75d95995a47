"""A database restored from a backup: what it had handled is handled again, and what contradicts others is not believed."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from shared.core.ids import new_id
from shared.database.session import Database, open_database
from tests.shared.messaging.events import effects, rows
from tests.shared.messaging.fixtures import ServicePair, running, until
from tests.shared.messaging.test_gap_recovery import drop, handled_all, producer_process

pytestmark = pytest.mark.messaging

RETAINED = 4_000_000
OTHERS = "bcdefgh"
"""Subjects with one event each: no later one reveals that it is missing."""
Backup = Callable[[Database], Awaitable[Database]]


@pytest.fixture
async def backup(server: URL) -> AsyncIterator[Backup]:
    """Copy the database of a service as it is now; the copy is opened as that service's."""
    copies: list[Database] = []

    async def copy(of: Database) -> Database:
        await of.close()
        url, name = of.writing.url, f"backup_{new_id().hex}"
        owner = create_async_engine(server, isolation_level="AUTOCOMMIT")
        async with owner.connect() as connection:
            await connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"')
        await owner.dispose()
        copies.append(open_database(url.set(database=name), pool_size=4, clock=of.clock, name=of.service))
        return copies[-1]

    yield copy
    for database in copies:
        await database.close()


async def _emit_others(pair: ServicePair) -> None:
    for number, subject in enumerate(OTHERS):
        await pair.emit_events(subject, number)
    for number, subject in enumerate(OTHERS):
        await pair.settled(subject, [number])


async def _handled_by(database: Database, subject: str, expected: list[int]) -> None:
    async def as_expected() -> bool:
        return await effects(database, subject) == expected

    await until(as_expected, 60)


async def test_a_consumer_restored_from_a_backup_handles_what_came_after_it_once_more(pair: ServicePair, backup: Backup) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 1, 2)
        await pair.settled("a", [1, 2])
    older = await backup(pair.consumer)
    async with running(pair.producer_process(), pair.consumer_process()):
        await _emit_others(pair)
    async with running(pair.producer_process(), pair.consumer_process(database=older)):
        for number, subject in enumerate(OTHERS):
            await _handled_by(older, subject, [number])
    assert await effects(older, "a") == [1, 2]
    assert not await rows(pair.producer, "SELECT FROM replay_request"), "the broker still had everything"


async def test_what_the_broker_no_longer_holds_comes_from_the_log_of_its_source(pair: ServicePair, backup: Backup) -> None:
    older = await backup(pair.consumer)
    async with running(producer_process(pair, RETAINED), pair.consumer_process()):
        await _emit_others(pair)
        await handled_all(pair, len(OTHERS) + await drop(pair))
    async with running(producer_process(pair, RETAINED), pair.consumer_process(database=older)):
        for number, subject in enumerate(OTHERS):
            await _handled_by(older, subject, [number])
    assert {row["reason"] for row in await rows(pair.producer, "SELECT reason FROM replay_request")} == {"loss"}


async def test_a_source_restored_from_a_backup_is_not_believed_where_it_contradicts_itself(
    pair: ServicePair, backup: Backup
) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 1, 2)
        await pair.settled("a", [1, 2])
    older = await backup(pair.producer)
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 3)
        await pair.settled("a", [1, 2, 3])
    pair.producer = older
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 99)  # the third event of this subject once more, and another one
        await pair.emit_events("b", 1)
        await pair.settled("b", [1])
        await until(lambda: rows(pair.consumer, "SELECT FROM dead_letter"))
    (letter,) = await rows(pair.consumer, "SELECT source, reason, error FROM dead_letter")
    assert (letter["source"], letter["reason"]) == (older.service, "unreadable")
    assert letter["error"] == "ContradictingEvent: its source published another event under this sequence number before"
    assert await pair.handled("a") == [1, 2, 3]
