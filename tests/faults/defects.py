"""Defects that a messaging system of this kind is known to have. Each is planted in the processes of a test, to see it caught."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from asyncpg import Connection

from shared.database.session import Database, Session, driver, transaction
from shared.messaging.envelope import Fact, Message
from shared.messaging.inbox import batch, consumer, deduplication, dispatcher, handlers, offsets
from shared.messaging.inbox.dispatcher import Reading
from shared.messaging.outbox import emit, store


def acknowledge_before_commit() -> None:
    """The offsets are kept and committed when a batch arrives, before its effects."""

    async def handle(self: Any, reading: Reading) -> None:
        async with transaction(self.database) as session:
            await offsets.keep(await driver(session), reading.heard)
        await self._commit({place: stretch.next for place, stretch in reading.heard.items()})
        await self.consumer.dispatcher.take_read(reading)

    consumer._Turn._handle = handle  # type: ignore[method-assign]


def broker_offsets_believed() -> None:
    """A listener goes on where the broker says that it was, instead of where its own database is."""

    async def begin(self: Any) -> None:
        given = self.client.given
        self.client.take_up({place: await self.client._client.committed(place) or 0 for place in given})

    consumer._Turn._begin = begin  # type: ignore[method-assign]


def last_id_watermark() -> None:
    """The relay remembers the last id it sent and asks for those after it: ids are not taken in commit order."""
    last = {"id": 0}

    async def unsent(connection: Connection, limit: int) -> list[Fact]:
        query = f"SELECT {store._AS_FACT} FROM outbox WHERE id > $1 ORDER BY id LIMIT $2"
        facts = [Fact(*row) for row in await connection.fetch(query, last["id"], limit)]
        last["id"] = facts[-1].id if facts else last["id"]
        return facts

    store.unsent = unsent


def inbox_outside_the_transaction() -> None:
    """What was heard is written in a transaction of its own, after that of the effects."""
    claim, record = deduplication.claim, deduplication.record
    later: list[tuple[Any, ...]] = []

    async def claim_later(connection: Connection, before: Any, positions: Any) -> bool:
        later.append((claim, before, positions))
        return True

    async def record_later(connection: Connection, handled: Sequence[Message], at: Any) -> None:
        later.append((record, handled, at))

    together = batch.handle_together

    async def handle(database: Database, sorted_: Any, heard: Any) -> list[Message]:
        rest = await together(database, sorted_, heard)
        noted, later[:] = list(later), []
        async with transaction(database) as session:
            connection = await driver(session)
            for write, *arguments in noted:
                await write(connection, *arguments)
        return rest

    deduplication.claim, deduplication.record = claim_later, record_later
    vars(dispatcher)["handle_together"] = handle  # imported by name


def sent_after_commit_without_outbox() -> None:
    """The event is kept in memory and inserted after the commit of the act, in a transaction of its own."""
    inner = emit._write
    tasks: set[asyncio.Task[None]] = set()

    async def later(database: Database, told: list[Any]) -> None:
        await asyncio.sleep(0.2)
        async with transaction(database) as session:
            await inner(session, told)

    async def write(session: Session, told: list[Any]) -> None:
        def begin() -> None:
            task = asyncio.get_running_loop().create_task(later(session.database, told))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        session.on_commit(begin)

    emit._write = write


def swallowed_handler_error() -> None:
    """A handler's error is dropped, and the message counts as done."""
    inner = handlers.Reaction.run

    async def run(self: handlers.Reaction, session: Session) -> None:
        with suppress(Exception):
            await inner(self, session)

    handlers.Reaction.run = run  # type: ignore[method-assign]


DEFECTS = {
    "acknowledge before commit": acknowledge_before_commit,
    "broker's offsets believed": broker_offsets_believed,
    "last-id watermark": last_id_watermark,
    "inbox outside the transaction": inbox_outside_the_transaction,
    "event sent after commit without outbox": sent_after_commit_without_outbox,
    "swallowed handler error": swallowed_handler_error,
}


def plant(name: str) -> None:
    """Plant one of them in this process; nothing for the empty name."""
    if name:
        DEFECTS[name]()
