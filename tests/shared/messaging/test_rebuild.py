"""A consumer's replica is rebuilt beside the live one, compared row by row, and adopted; the consumer goes on meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.engine import URL

from shared.database.session import open_database, platform
from shared.messaging import Messaging
from shared.messaging.operations import rebuild
from tests.shared.messaging.events import rows
from tests.shared.messaging.fixtures import ServicePair, running, write

pytestmark = pytest.mark.messaging
EVERY = [*(table.name for table in platform.sorted_tables), "effect"]


@asynccontextmanager
async def rebuilding(pair: ServicePair, server: URL) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection, while a group of its own fills the copies."""
    address = server.set(database=pair.consumer.writing.url.database)
    owner = await asyncpg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    present = {row[0] for row in await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    await rebuild.begin(owner, [name for name in EVERY if name in present])
    name, clock = pair.consumer.service, pair.consumer.clock
    copies = open_database(address, pool_size=4, clock=clock, name=name, schema=rebuild.SCHEMA)
    settings, handlers = pair.broker.settings(), {pair.event_type: write}
    filling = Messaging(name, copies, settings, handlers, instance="r", group=f"rebuild-{pair.name}")
    async with running(filling):
        yield owner
    await rebuild.end(owner)
    await owner.close()
    await copies.close()


async def test_a_rebuilt_table_equals_the_live_one_which_is_written_to_meanwhile(pair: ServicePair, server: URL) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", *range(30))
        await pair.settled("a", list(range(30)))
        async with rebuilding(pair, server) as owner:
            await pair.emit_events("a", *range(30, 40))
            await pair.settled("a", list(range(40)))
            await rebuild.caught_up(owner, 60)
            async with owner.transaction():
                (found,) = await rebuild.compare(owner, ["effect"], 10)
            await pair.emit_events("a", 40)
            await pair.settled("a", list(range(41)))
    assert (found.live, found.rebuilt, found.equal) == (40, 40, True)


async def test_what_was_changed_by_hand_is_found_and_repaired(pair: ServicePair, server: URL) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", *range(10))
        await pair.settled("a", list(range(10)))
        await rows(pair.consumer, "DELETE FROM effect WHERE number = 3 RETURNING 1")
        await rows(pair.consumer, "UPDATE effect SET number = 99 WHERE number = 4 RETURNING 1")
        async with rebuilding(pair, server) as owner:
            await rebuild.caught_up(owner, 60)
            async with owner.transaction():
                (found,) = await rebuild.compare(owner, ["effect"], 10)
                await rebuild.adopt(owner, ["effect"], "anne", pair.consumer.clock.now())
    assert (found.only_live, found.only_rebuilt, found.equal) == (1, 2, False)
    assert sorted(await pair.handled("a")) == list(range(10))
    audited = await rows(pair.consumer, "SELECT subject, action, object_id FROM audit_log")
    assert [tuple(row) for row in audited] == [("anne", "projection.adopted", "effect")]


async def test_an_event_whose_handler_fails_is_named(pair: ServicePair, server: URL) -> None:
    async with running(pair.producer_process(), pair.consumer_process()):
        await pair.emit_events("a", 1)
        await pair.settled("a", [1])
        async with rebuilding(pair, server) as owner:
            await owner.execute(_FAILED)
            await rows(pair.consumer, _FORGED)
            with pytest.raises(rebuild.NotCaughtUpError, match="t of a failed: why"):
                await rebuild.caught_up(owner, 60)


_FAILED = f"""
INSERT INTO {rebuild.SCHEMA}.dead_letter
    (id, source, aggregate, sequence, type, reason, error, tries, created_at, fingerprint, message)
VALUES (gen_random_uuid(), 's', 'a', 1, 't', 'failed', 'why', 1, now(), '', '{{}}')
"""
_FORGED = "INSERT INTO inbox SELECT gen_random_uuid(), source, 'z', 1, type, handled_at FROM inbox LIMIT 1 RETURNING 1"
