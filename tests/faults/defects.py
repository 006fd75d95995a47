"""Defects that messaging systems of this kind are known to have; a test installs each in its processes, to see it caught."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from asyncpg import Connection

from shared.database.session import Database, Session, driver, transaction
from shared.messaging.envelope import EventMessage, StoredEvent
from shared.messaging.inbox import batch, consumer, deduplication, dispatcher, handlers, offsets
from shared.messaging.inbox.dispatcher import Batch
from shared.messaging.outbox import emit, store


def acknowledge_before_commit() -> None:
    """The offsets are saved and committed when a batch arrives, before its effects."""

    async def handle(self: Any, batch: Batch) -> None:
        async with transaction(self.database) as session:
            await offsets.save(await driver(session), batch.ranges)
        await self._commit({partition: range_.next for partition, range_ in batch.ranges.items()})
        await self.consumer.dispatcher.handle_batch(batch)

    consumer._ConsumerSession._handle = handle  # type: ignore[method-assign]


def broker_offsets_believed() -> None:
    """A consumer goes on at the offset that the broker holds, instead of the one in its own database."""

    async def resume(self: Any) -> None:
        client = self.client
        client.resume({partition: await client._client.committed(partition) or 0 for partition in client.assigned})

    consumer._ConsumerSession._resume_assigned = resume  # type: ignore[method-assign]


def last_id_watermark() -> None:
    """The relay remembers the last id it sent and asks for those after it: ids are not taken in commit order."""
    last = {"id": 0}

    async def unsent(connection: Connection, limit: int) -> list[StoredEvent]:
        query = f"SELECT {store._SELECTED} FROM outbox WHERE id > $1 ORDER BY id LIMIT $2"
        events = [StoredEvent(*row) for row in await connection.fetch(query, last["id"], limit)]
        last["id"] = events[-1].id if events else last["id"]
        return events

    store.unsent = unsent


def inbox_outside_the_transaction() -> None:
    """The inbox is written in a transaction of its own, after that of the effects."""
    claim, record = deduplication.claim, deduplication.record
    later: list[tuple[Any, ...]] = []

    async def claim_later(connection: Connection, before: Any, positions: Any) -> bool:
        later.append((claim, before, positions))
        return True

    async def record_later(connection: Connection, handled: Sequence[EventMessage], at: Any) -> None:
        later.append((record, handled, at))

    together = batch.handle_together

    async def handle(database: Database, messages: Any, ranges: Any) -> list[EventMessage]:
        rest = await together(database, messages, ranges)
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

    async def later(database: Database, emitted: list[Any]) -> None:
        await asyncio.sleep(0.2)
        async with transaction(database) as session:
            await inner(session, emitted)

    async def write(session: Session, emitted: list[Any]) -> None:
        def begin() -> None:
            task = asyncio.get_running_loop().create_task(later(session.database, emitted))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        session.on_commit(begin)

    emit._write = write


def swallowed_handler_error() -> None:
    """A handler's error is dropped, and the message counts as done."""
    inner = handlers.HandlerCall.run

    async def run(self: handlers.HandlerCall, session: Session) -> None:
        with suppress(Exception):
            await inner(self, session)

    handlers.HandlerCall.run = run  # type: ignore[method-assign]


DEFECTS = {
    "acknowledge before commit": acknowledge_before_commit,
    "broker's offsets believed": broker_offsets_believed,
    "last-id watermark": last_id_watermark,
    "inbox outside the transaction": inbox_outside_the_transaction,
    "event sent after commit without outbox": sent_after_commit_without_outbox,
    "swallowed handler error": swallowed_handler_error,
}


def install(name: str) -> None:
    """Install one of them in this process; none for the empty name."""
    if name:
        DEFECTS[name]()
