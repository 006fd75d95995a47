"""A database that is restored from a backup: what it had heard is heard again, and what it tells otherwise is not believed."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from shared.core.ids import new_id
from shared.database.session import Database, open_database
from tests.shared.messaging.events import effects, rows
from tests.shared.messaging.fixtures import Coast, running, until
from tests.shared.messaging.test_gap_recovery import drop, heard_all, telling

pytestmark = pytest.mark.messaging

KEPT = 4_000_000
OTHERS = "bcdefgh"
"""Lamps of which there is one fact each: no later one betrays that it is missing."""
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
    for one in copies:
        await one.close()


async def _light_others(coast: Coast) -> None:
    for number, lamp in enumerate(OTHERS):
        await coast.light(lamp, number)
    for number, lamp in enumerate(OTHERS):
        await coast.settled(lamp, [number])


async def _heard_by(database: Database, lamp: str, expected: list[int]) -> None:
    async def as_expected() -> bool:
        return await effects(database, lamp) == expected

    await until(as_expected, 60)


async def test_a_listener_restored_from_a_backup_hears_what_came_after_it_once_more(coast: Coast, backup: Backup) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 1, 2)
        await coast.settled("a", [1, 2])
    older = await backup(coast.harbour)
    async with running(coast.telling(), coast.hearing()):
        await _light_others(coast)
    async with running(coast.telling(), coast.hearing(database=older)):
        for number, lamp in enumerate(OTHERS):
            await _heard_by(older, lamp, [number])
    assert await effects(older, "a") == [1, 2]
    assert not await rows(coast.lighthouse, "SELECT FROM replay_request"), "the broker still had everything"


async def test_what_the_broker_no_longer_holds_comes_from_the_log_of_its_source(coast: Coast, backup: Backup) -> None:
    older = await backup(coast.harbour)
    async with running(telling(coast, KEPT), coast.hearing()):
        await _light_others(coast)
        await heard_all(coast, len(OTHERS) + await drop(coast))
    async with running(telling(coast, KEPT), coast.hearing(database=older)):
        for number, lamp in enumerate(OTHERS):
            await _heard_by(older, lamp, [number])
    assert {row["reason"] for row in await rows(coast.lighthouse, "SELECT reason FROM replay_request")} == {"loss"}


async def test_a_source_restored_from_a_backup_is_not_believed_where_it_contradicts_itself(coast: Coast, backup: Backup) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 1, 2)
        await coast.settled("a", [1, 2])
    older = await backup(coast.lighthouse)
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 3)
        await coast.settled("a", [1, 2, 3])
    coast.lighthouse = older
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 99)  # the third fact of this lamp once more, and another one
        await coast.light("b", 1)
        await coast.settled("b", [1])
        await until(lambda: rows(coast.harbour, "SELECT FROM parked_event"))
    (parked,) = await rows(coast.harbour, "SELECT source, reason, error FROM parked_event")
    assert (parked["source"], parked["reason"]) == (older.service, "unreadable")
    assert parked["error"] == "ToldOtherwise: its source told another fact under this number before"
    assert await coast.heard("a") == [1, 2, 3]
