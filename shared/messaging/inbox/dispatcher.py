"""The dispatcher: every record of a batch is handled or stored as a dead letter."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from shared.database.outage import DATABASE_SECONDS, database_alone, is_outage
from shared.database.session import Database, driver, transaction
from shared.messaging.broker import TopicPartition
from shared.messaging.envelope import EventMessage, Record, Unreadable, parse
from shared.messaging.inbox import dead_letters, deduplication, offsets
from shared.messaging.inbox.batch import ParsedMessages, handle_together, lock_streams, parse_contents
from shared.messaging.inbox.dead_letters import DeadLetter, Reason
from shared.messaging.inbox.deduplication import SequenceCheck, Stream, StreamPosition
from shared.messaging.inbox.handlers import HANDLER_SECONDS, Handlers
from shared.messaging.inbox.offsets import OffsetRange, offset_ranges

log = structlog.get_logger()

BATCH_SECONDS = 60.0

OffsetRanges = Mapping[TopicPartition, OffsetRange]
Errors = dict[Stream, Exception]
"""The error of the first message of a stream that failed."""


class ContradictingEvent(Unreadable):
    """Another event was handled under this sequence number: its source was restored from an old backup, or replaced."""

    def __init__(self) -> None:
        super().__init__("its source published another event under this sequence number before")


class Batch(NamedTuple):
    """Records, their offset ranges, and what they contain."""

    records: Sequence[Record]
    ranges: OffsetRanges
    messages: list[EventMessage]
    parsed: ParsedMessages
    unreadable: list[tuple[Record, Unreadable]]


@dataclass(frozen=True)
class Dispatcher:
    """Calls the handlers of one service on its database."""

    database: Database
    handlers: Handlers
    dead_lettered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a dead letter has been stored, to wake the retry worker."""

    def parse(self, records: Sequence[Record]) -> Batch:
        """Parse envelopes and contents; needs no database, so it may run while the batch before is handled."""
        messages, unreadable = [], []
        for record in records:
            try:
                messages.append(parse(record))
            except Unreadable as error:
                unreadable.append((record, error))
        return Batch(records, offset_ranges(records), messages, parse_contents(messages, self.handlers), unreadable)

    async def handle(self, records: Sequence[Record]) -> None:
        """Parse records and handle the batch.

        Raises:
            Exception: as `handle_batch`.
        """
        await self.handle_batch(self.parse(records))

    async def handle_batch(self, batch: Batch) -> None:
        """Handle each record once, in the order of its aggregate, or store it as a dead letter.

        Raises:
            Exception: one for which `is_outage` holds: the database does not answer, handle the records again later.
        """
        for record, unreadable in batch.unreadable:
            await self._store_unreadable(record, unreadable)
        try:
            needs_ordering, errors = await self._handle_together(batch.parsed, BATCH_SECONDS, batch.ranges), Errors()
        except Exception as error:  # of any handler: found by handling one by one and stored with its message, never swallowed
            if is_outage(error):
                raise
            needs_ordering, errors = await self._handle_one_by_one(batch.messages)
        if needs_ordering:
            await self._store_dead_letters(needs_ordering, errors, batch.ranges)

    async def _handle_together(self, messages: ParsedMessages, seconds: float, ranges: OffsetRanges) -> list[EventMessage]:
        return await asyncio.wait_for(handle_together(self.database, messages, ranges), seconds)

    async def _handle_one_by_one(self, messages: Sequence[EventMessage]) -> tuple[list[EventMessage], Errors]:
        needs_ordering: list[EventMessage] = []
        errors = Errors()
        for message in messages:
            try:
                if message.stream not in errors:
                    parsed = parse_contents([message], self.handlers)
                    needs_ordering += await self._handle_together(parsed, HANDLER_SECONDS, {})
                    continue
            except Exception as error:  # stored with the message
                if is_outage(error):
                    raise
                errors[message.stream] = error
            needs_ordering.append(message)
        return needs_ordering, errors

    async def _store_dead_letters(self, messages: Sequence[EventMessage], errors: Errors, ranges: OffsetRanges) -> None:
        async with database_alone(DATABASE_SECONDS), transaction(self.database) as session:
            connection, now = await driver(session), self.database.clock.now()
            positions = await lock_streams(session, [message.stream for message in messages])
            letters = [letter for message in messages if (letter := _dead_letter(message, positions, errors))]
            await dead_letters.store(connection, letters, now)
            duplicates = [message for message in messages if _check(message, positions) is SequenceCheck.DUPLICATE]
            for message in await deduplication.contradicting(connection, duplicates):
                await dead_letters.store_unreadable(connection, message.record, ContradictingEvent(), now)
            await offsets.save(connection, ranges)
        for stream, error in errors.items():
            log.warning("event dead-lettered", source=stream[0], aggregate=stream[1], error=type(error).__name__)
        self.dead_lettered.set()

    async def _store_unreadable(self, record: Record, error: Unreadable) -> None:
        async with database_alone(DATABASE_SECONDS), transaction(self.database) as session:
            await dead_letters.store_unreadable(await driver(session), record, error, self.database.clock.now())
        log.error("unreadable message dead-lettered", topic=record.topic, partition=record.partition, offset=record.offset)


def _check(message: EventMessage, positions: dict[Stream, StreamPosition]) -> SequenceCheck:
    return positions[message.stream].check(message.delivery.sequence)


def _dead_letter(message: EventMessage, positions: dict[Stream, StreamPosition], errors: Errors) -> DeadLetter | None:
    """The next message of its stream is retried by itself, a later one is deferred, a duplicate needs no dead letter."""
    check = _check(message, positions)
    if check is SequenceCheck.DUPLICATE:
        return None
    if check is SequenceCheck.TOO_EARLY:
        return DeadLetter(message, Reason.DEFERRED)
    error = errors.get(message.stream)
    return DeadLetter(message, Reason.RETRYING, None if error is None else dead_letters.describe(error), retry_after=0.0)
