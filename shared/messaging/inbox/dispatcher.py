"""From records to effects. When `take_read` returns, every record has had its effect or is parked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from shared.database.outage import DATABASE_SECONDS, database_alone, is_outage
from shared.database.session import Database, driver, transaction
from shared.messaging.broker import Place
from shared.messaging.envelope import Message, Record, Unreadable, read
from shared.messaging.inbox import dead_letters, deduplication, offsets
from shared.messaging.inbox.batch import Sorted, handle_together, lock_streams, sort
from shared.messaging.inbox.dead_letters import Parking, Reason
from shared.messaging.inbox.deduplication import Position, Stream, Turn
from shared.messaging.inbox.handlers import HANDLER_SECONDS, Handlers
from shared.messaging.inbox.offsets import Stretch, stretches

log = structlog.get_logger()

BATCH_SECONDS = 60.0

Heard = Mapping[Place, Stretch]
Errors = dict[Stream, Exception]
"""What went wrong with the first message of a stream that failed."""


class ToldOtherwise(Unreadable):
    """Another fact took effect under this number: its source was restored from an old backup, or is not the one it was."""

    def __init__(self) -> None:
        super().__init__("its source told another fact under this number before")


class Reading(NamedTuple):
    """Records, where they lay, and what they say."""

    records: Sequence[Record]
    heard: Heard
    messages: list[Message]
    sorted: Sorted
    unreadable: list[tuple[Record, Unreadable]]


@dataclass(frozen=True)
class Dispatcher:
    """The reactions of one service on its database."""

    database: Database
    handlers: Handlers
    parked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a message has been parked, to wake who mends it."""

    def read(self, records: Sequence[Record]) -> Reading:
        """Read records, before their turn: nothing but the processor is needed for it."""
        messages, unreadable = [], []
        for record in records:
            try:
                messages.append(read(record))
            except Unreadable as error:
                unreadable.append((record, error))
        return Reading(records, stretches(records), messages, sort(messages, self.handlers), unreadable)

    async def take(self, records: Sequence[Record]) -> None:
        """Read records and take what was read."""
        await self.take_read(self.read(records))

    async def take_read(self, reading: Reading) -> None:
        """Give each record its effect once, in the order of its aggregate, or park it.

        Raises:
            Exception: one for which `is_outage` holds: the database does not answer, take the records again later.
        """
        for record, unreadable in reading.unreadable:
            await self._park_unreadable(record, unreadable)
        try:
            careful, errors = await self._together(reading.sorted, BATCH_SECONDS, reading.heard), Errors()
        except Exception as error:  # of any handler: it is found one by one and kept with its message, never swallowed
            if is_outage(error):
                raise
            careful, errors = await self._one_by_one(reading.messages)
        if careful:
            await self._park(careful, errors, reading.heard)

    async def _together(self, batch: Sorted, seconds: float, heard: Heard) -> list[Message]:
        return await asyncio.wait_for(handle_together(self.database, batch, heard), seconds)

    async def _one_by_one(self, messages: Sequence[Message]) -> tuple[list[Message], Errors]:
        careful: list[Message] = []
        errors = Errors()
        for message in messages:
            try:
                if message.stream not in errors:
                    careful += await self._together(sort([message], self.handlers), HANDLER_SECONDS, {})
                    continue
            except Exception as error:  # kept with the message
                if is_outage(error):
                    raise
                errors[message.stream] = error
            careful.append(message)
        return careful, errors

    async def _park(self, messages: Sequence[Message], errors: Errors, heard: Heard) -> None:
        async with database_alone(DATABASE_SECONDS), transaction(self.database) as session:
            connection, now = await driver(session), self.database.clock.now()
            positions = await lock_streams(session, [message.stream for message in messages])
            parkings = [parking for message in messages if (parking := _parking(message, positions, errors))]
            await dead_letters.park(connection, parkings, now)
            old = [message for message in messages if _turn(message, positions) is Turn.DUPLICATE]
            for message in await deduplication.told_otherwise(connection, old):
                await dead_letters.park_unreadable(connection, message.record, ToldOtherwise(), now)
            await offsets.keep(connection, heard)
        for stream, error in errors.items():
            log.warning("event parked", source=stream[0], aggregate=stream[1], error=type(error).__name__)
        self.parked.set()

    async def _park_unreadable(self, record: Record, error: Unreadable) -> None:
        async with database_alone(DATABASE_SECONDS), transaction(self.database) as session:
            await dead_letters.park_unreadable(await driver(session), record, error, self.database.clock.now())
        log.error("unreadable message parked", topic=record.topic, partition=record.partition, offset=record.offset)


def _turn(message: Message, positions: dict[Stream, Position]) -> Turn:
    return positions[message.stream].turn(message.delivery.sequence)


def _parking(message: Message, positions: dict[Stream, Position], errors: Errors) -> Parking | None:
    """A message whose turn it is will be tried (again) by itself, a later one waits, an old one needs no parking."""
    turn = _turn(message, positions)
    if turn is Turn.DUPLICATE:
        return None
    if turn is Turn.TOO_EARLY:
        return Parking(message, Reason.WAITING)
    error = errors.get(message.stream)
    return Parking(message, Reason.RETRYING, None if error is None else dead_letters.describe(error), pause=0.0)
