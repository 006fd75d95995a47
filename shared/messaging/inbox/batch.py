"""Handling a batch of messages in one transaction; messages that need ordering are returned to the dispatcher."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.database.outage import DATABASE_SECONDS, Outage, database_alone
from shared.database.session import Database, Session, driver, transaction
from shared.messaging.broker import TopicPartition
from shared.messaging.envelope import EventMessage
from shared.messaging.inbox import deduplication, offsets
from shared.messaging.inbox.deduplication import SequenceCheck, Stream, StreamPosition
from shared.messaging.inbox.handlers import HANDLER_SECONDS, NON_RETRYABLE, HandlerCall, Handlers, handler_call
from shared.messaging.inbox.offsets import OffsetRange

TIMER_SLACK_SECONDS = 0.1
"""A handler may get so much less time than `HANDLER_SECONDS`: the timer is not set again for each of them."""

Calls = list[tuple[EventMessage, HandlerCall | None]]


class OvertakenError(Outage):
    """Another consumer, or the retry worker, has moved one of these streams meanwhile: nothing was committed, try again."""


@dataclass(frozen=True)
class ParsedMessages:
    """Messages whose content is valid, with the calls of their handlers; and invalid ones with what follows in their stream."""

    calls: Calls
    unparseable: list[EventMessage]


async def handle_together(
    database: Database, messages: ParsedMessages, ranges: Mapping[TopicPartition, OffsetRange]
) -> list[EventMessage]:
    """Handle messages in one transaction: inbox rows, effects and emitted events commit together, or none of them does.

    Returns, in order within each stream, the messages that need ordering and were not handled: the content is invalid, an
    earlier one is missing or a dead letter, or another event may have been handled under the same sequence number. If there
    are none, the transaction also saves `ranges`, the offset ranges of these messages, as handled.

    Raises:
        OvertakenError: a stream was moved by somebody else meanwhile.
        Exception: any error of a handler; nothing was committed.
    """
    if not messages.calls:
        return messages.unparseable
    async with transaction(database) as session:
        positions = await _read(session, [message.stream for message, _ in messages.calls])
        before = {stream: position.sequence for stream, position in positions.items()}
        handled, duplicates, early = await _call_handlers(session, messages.calls, positions)
        connection = await driver(session)
        needs_ordering = await deduplication.without_effect(connection, duplicates) + early + messages.unparseable
        if not await deduplication.claim(connection, before, positions):
            raise OvertakenError
        await deduplication.record(connection, handled, database.clock.now())
        if not needs_ordering:
            await offsets.save(connection, ranges)
    return needs_ordering


async def _read(session: Session, streams: Sequence[Stream]) -> dict[Stream, StreamPosition]:
    async with database_alone(DATABASE_SECONDS):
        return await deduplication.read(await driver(session), streams)


async def lock_streams(session: Session, streams: Sequence[Stream]) -> dict[Stream, StreamPosition]:
    """Lock these streams until the transaction ends, and read their positions.

    Raises:
        Outage: the database does not answer.
    """
    async with database_alone(DATABASE_SECONDS):
        return await deduplication.lock(await driver(session), streams)


def parse_contents(messages: Sequence[EventMessage], handlers: Handlers) -> ParsedMessages:
    """Validate the contents before the transaction begins, so that an invalid one cannot roll valid ones back."""
    parsed = ParsedMessages([], [])
    failed: set[Stream] = set()
    for message in messages:
        try:
            if message.stream not in failed:
                parsed.calls.append((message, handler_call(message, handlers)))
                continue
        except NON_RETRYABLE:
            failed.add(message.stream)
        parsed.unparseable.append(message)
    return parsed


async def _call_handlers(
    session: Session, calls: Calls, positions: dict[Stream, StreamPosition]
) -> tuple[list[EventMessage], list[EventMessage], list[EventMessage]]:
    """Call the handlers and advance `positions`; returns the messages handled, the duplicates, and those that are too early.

    Raises:
        TimeoutError: a handler takes longer than `HANDLER_SECONDS`.
    """
    handled: list[EventMessage] = []
    duplicates: list[EventMessage] = []
    early: list[EventMessage] = []
    clock = asyncio.get_running_loop().time
    started = clock()
    async with asyncio.timeout_at(started + HANDLER_SECONDS) as timeout:
        for message, call in calls:
            position = positions[message.stream]
            check = position.check(message.delivery.sequence)
            if check is SequenceCheck.DUPLICATE:
                duplicates += [message] if call else []
                continue
            if check is SequenceCheck.TOO_EARLY or position.blocked:
                early.append(message)
                continue
            if call is not None:
                if (now := clock()) > started + TIMER_SLACK_SECONDS:
                    started = now
                    timeout.reschedule(started + HANDLER_SECONDS)
                await call.run(session)
                handled.append(message)
            position.sequence = message.delivery.sequence
    return handled, duplicates, early
