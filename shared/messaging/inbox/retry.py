"""The retry worker: failed messages are tried again after a pause, and deferred ones follow them in order."""

import asyncio
from dataclasses import dataclass

import structlog

from shared.database.outage import is_outage
from shared.database.session import Database, Session, driver, transaction
from shared.messaging.envelope import parse
from shared.messaging.inbox import dead_letters, deduplication
from shared.messaging.inbox.batch import lock_streams
from shared.messaging.inbox.dead_letters import DueLetter
from shared.messaging.inbox.deduplication import Stream, StreamPosition
from shared.messaging.inbox.handlers import HANDLER_SECONDS, NON_RETRYABLE, Handlers, handler_call

log = structlog.get_logger()

PAUSES = (0.2, 1.0, 5.0)
"""Seconds before each further try of an event whose handler failed."""


@dataclass(frozen=True)
class RetryWorker:
    """Retries the dead letters of one service."""

    database: Database
    handlers: Handlers
    pauses: tuple[float, ...] = PAUSES

    async def retry_due(self) -> int:
        """Try every dead letter that is due, and those deferred behind it; returns how many were tried."""
        tried = 0
        while streams := await self._due_streams():
            for stream in streams:
                tried += await self._try_next(stream)
        return tried

    async def pending(self) -> tuple[list[tuple[str, str, int]], float]:
        """The gaps (source, aggregate, first missing sequence number), and the seconds until the next retry is due."""
        async with transaction(self.database) as session:
            connection = await driver(session)
            return await dead_letters.gaps(connection), await dead_letters.seconds_to_next_try(connection)

    async def _due_streams(self) -> list[Stream]:
        async with transaction(self.database) as session:
            return await dead_letters.due_streams(await driver(session))

    async def _try_next(self, stream: Stream) -> int:
        letter: DueLetter | None = None
        try:
            async with asyncio.timeout(HANDLER_SECONDS), transaction(self.database) as session:
                await lock_streams(session, [stream])
                letter = await dead_letters.next_due(await driver(session), stream)
                if letter is not None:
                    await self._handle(session, stream, letter)
        except Exception as error:  # of any handler: stored with its message
            if letter is None or is_outage(error):
                raise
            await self._record_failure(stream, letter, error)
        return int(letter is not None)

    async def _handle(self, session: Session, stream: Stream, letter: DueLetter) -> None:
        connection, now = await driver(session), self.database.clock.now()
        message = parse(letter.record)
        call = handler_call(message, self.handlers)
        if call is not None:
            await call.run(session)
            await deduplication.record(connection, [message], now)
        await deduplication.advance(connection, {stream: StreamPosition(message.delivery.sequence, blocked=True)})
        await dead_letters.resolve(connection, stream, message.delivery.sequence, "handled", now)

    async def _record_failure(self, stream: Stream, letter: DueLetter, error: Exception) -> None:
        final = isinstance(error, NON_RETRYABLE) or letter.tries >= len(self.pauses)
        async with transaction(self.database) as session:
            await lock_streams(session, [stream])
            pause = None if final else self.pauses[letter.tries]
            await dead_letters.record_failure(await driver(session), letter, error, pause)
        log.error("event failed", source=stream[0], aggregate=stream[1], error=type(error).__name__, final=final)
