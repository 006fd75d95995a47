"""What a listener made of facts is made anew beside it, compared row by row, and adopted; the listener goes on meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.engine import URL

from shared.database.session import open_database, platform
from shared.messaging import Messaging
from shared.messaging.operations import rebuild
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import Coast, running, write

pytestmark = pytest.mark.messaging
EVERY = [*(table.name for table in platform.sorted_tables), "effect"]


@asynccontextmanager
async def rebuilding(coast: Coast, server: URL) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection, while a group of its own fills the copies."""
    address = server.set(database=coast.harbour.writing.url.database)
    owner = await asyncpg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    present = {row[0] for row in await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    await rebuild.begin(owner, [name for name in EVERY if name in present])
    copies = open_database(address, pool_size=4, clock=coast.harbour.clock, name=coast.harbour.service, schema=rebuild.SCHEMA)
    settings, handlers = coast.broker.settings(), {coast.lit: write}
    filling = Messaging(coast.harbour.service, copies, settings, handlers, instance="r", group=f"anew-{coast.name}")
    async with running(filling):
        yield owner
    await rebuild.end(owner)
    await owner.close()
    await copies.close()


async def test_a_rebuilt_table_equals_the_live_one_which_is_written_to_meanwhile(coast: Coast, server: URL) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", *range(30))
        await coast.settled("a", list(range(30)))
        async with rebuilding(coast, server) as owner:
            await coast.light("a", *range(30, 40))
            await coast.settled("a", list(range(40)))
            await rebuild.caught_up(owner, 60)
            async with owner.transaction():
                (found,) = await rebuild.compare(owner, ["effect"], 10)
            await coast.light("a", 40)
            await coast.settled("a", list(range(41)))
    assert (found.live, found.rebuilt, found.equal) == (40, 40, True)


async def test_what_was_changed_by_hand_is_found_and_mended(coast: Coast, server: URL) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", *range(10))
        await coast.settled("a", list(range(10)))
        await rows(coast.harbour, "DELETE FROM effect WHERE number = 3 RETURNING 1")
        await rows(coast.harbour, "UPDATE effect SET number = 99 WHERE number = 4 RETURNING 1")
        async with rebuilding(coast, server) as owner:
            await rebuild.caught_up(owner, 60)
            async with owner.transaction():
                (found,) = await rebuild.compare(owner, ["effect"], 10)
                await rebuild.adopt(owner, ["effect"], "anne", coast.harbour.clock.now())
    assert (found.only_live, found.only_rebuilt, found.equal) == (1, 2, False)
    assert sorted(await coast.heard("a")) == list(range(10))
    audited = await rows(coast.harbour, "SELECT subject, action, object_id FROM audit_log")
    assert [tuple(row) for row in audited] == [("anne", "projection.adopted", "effect")]


async def test_a_fact_that_a_handler_refuses_is_named(coast: Coast, server: URL) -> None:
    async with running(coast.telling(), coast.hearing()):
        await coast.light("a", 1)
        await coast.settled("a", [1])
        async with rebuilding(coast, server) as owner:
            await owner.execute(_REFUSED)
            await rows(coast.harbour, _FORGED)
            with pytest.raises(rebuild.NotCaughtUpError, match="t of a is refused: why"):
                await rebuild.caught_up(owner, 60)


_REFUSED = f"""
INSERT INTO {rebuild.SCHEMA}.parked_event
    (id, source, aggregate, sequence, type, reason, error, tries, parked_at, fingerprint, message)
VALUES (gen_random_uuid(), 's', 'a', 1, 't', 'failed', 'why', 1, now(), '', '{{}}')
"""
_FORGED = "INSERT INTO inbox SELECT gen_random_uuid(), source, 'z', 1, type, handled_at FROM inbox LIMIT 1 RETURNING 1"
