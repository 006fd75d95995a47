"""The common way: a batch of messages takes effect in one transaction. Whatever is not plain is handed back."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.database.outage import DATABASE_SECONDS, Outage, database_alone
from shared.database.session import Database, Session, driver, transaction
from shared.messaging.broker import Place
from shared.messaging.envelope import Message
from shared.messaging.inbox import deduplication, offsets
from shared.messaging.inbox.deduplication import Position, Stream, Turn
from shared.messaging.inbox.handlers import HANDLER_SECONDS, HOPELESS, Handlers, Reaction, reaction_to
from shared.messaging.inbox.offsets import Stretch

SLACK_SECONDS = 0.1
"""By so much less a handler may be given: its time is not noted anew for each of them."""

Prepared = list[tuple[Message, Reaction | None]]


class OvertakenError(Outage):
    """Another consumer, or the mender, went on with one of these streams meanwhile: nothing was done, look again."""


@dataclass(frozen=True)
class Sorted:
    """Messages whose content could be read, and those that could not with what follows them in their stream."""

    plain: Prepared
    spoiled: list[Message]


async def handle_together(database: Database, batch: Sorted, heard: Mapping[Place, Stretch]) -> list[Message]:
    """Inbox rows, effects and emitted events of all plain messages, committed together; any error rolls all of it back.

    Returns, in order within each stream, the messages that are not plain: the content cannot be read, an earlier one is
    missing or parked, or another one with this number may have been heard. Where there is none, all records that these
    messages came with have been `heard`.
    """
    if not batch.plain:
        return batch.spoiled
    async with transaction(database) as session:
        positions = await _look(session, [message.stream for message, _ in batch.plain])
        before = {stream: position.sequence for stream, position in positions.items()}
        handled, again, early = await _react(session, batch.plain, positions)
        connection = await driver(session)
        careful = await deduplication.without_effect(connection, again) + early + batch.spoiled
        if not await deduplication.claim(connection, before, positions):
            raise OvertakenError
        await deduplication.record(connection, handled, database.clock.now())
        if not careful:
            await offsets.keep(connection, heard)
    return careful


async def _look(session: Session, streams: Sequence[Stream]) -> dict[Stream, Position]:
    async with database_alone(DATABASE_SECONDS):
        return await deduplication.look(await driver(session), streams)


async def lock_streams(session: Session, streams: Sequence[Stream]) -> dict[Stream, Position]:
    """Hold the turn of these streams until the transaction ends.

    Raises:
        Outage: the database does not answer.
    """
    async with database_alone(DATABASE_SECONDS):
        return await deduplication.lock(await driver(session), streams)


def sort(messages: Sequence[Message], handlers: Handlers) -> Sorted:
    """Read the contents before the transaction begins, so that a bad one cannot roll good ones back."""
    batch = Sorted([], [])
    streams: set[Stream] = set()
    for message in messages:
        try:
            if message.stream not in streams:
                batch.plain.append((message, reaction_to(message, handlers)))
                continue
        except HOPELESS:
            streams.add(message.stream)
        batch.spoiled.append(message)
    return batch


async def _react(
    session: Session, messages: Prepared, positions: dict[Stream, Position]
) -> tuple[list[Message], list[Message], list[Message]]:
    """Call the handlers; gives the messages that were handled, those that came again, and those that came too early.

    Raises:
        TimeoutError: a handler hangs.
    """
    handled: list[Message] = []
    again: list[Message] = []
    early: list[Message] = []
    clock = asyncio.get_running_loop().time
    begun = clock()
    async with asyncio.timeout_at(begun + HANDLER_SECONDS) as patience:
        for message, reaction in messages:
            position = positions[message.stream]
            turn = position.turn(message.delivery.sequence)
            if turn is Turn.DUPLICATE:
                again += [message] if reaction else []
                continue
            if turn is Turn.TOO_EARLY or position.parked:
                early.append(message)
                continue
            if reaction is not None:
                if (now := clock()) > begun + SLACK_SECONDS:
                    begun = now
                    patience.reschedule(begun + HANDLER_SECONDS)
                await reaction.run(session)
                handled.append(message)
            position.sequence = message.delivery.sequence
    return handled, again, early
