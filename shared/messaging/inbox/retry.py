"""Parked messages get their effect as soon as they can: failed ones are tried again, later ones follow in order."""

import asyncio
from dataclasses import dataclass

import structlog

from shared.database.outage import is_outage
from shared.database.session import Database, Session, driver, transaction
from shared.messaging.envelope import read
from shared.messaging.inbox import dead_letters, deduplication
from shared.messaging.inbox.batch import lock_streams
from shared.messaging.inbox.dead_letters import Head
from shared.messaging.inbox.deduplication import Position, Stream
from shared.messaging.inbox.handlers import HANDLER_SECONDS, HOPELESS, Handlers, reaction_to

log = structlog.get_logger()

PAUSES = (0.2, 1.0, 5.0)
"""Seconds before each further try of an event whose handler failed."""


@dataclass(frozen=True)
class Mender:
    """Works off the parked messages of one service."""

    database: Database
    handlers: Handlers
    pauses: tuple[float, ...] = PAUSES

    async def mend(self) -> int:
        """Try every parked message whose turn has come, and what waited for it; returns how many were tried."""
        tried = 0
        while streams := await self._due():
            for stream in streams:
                tried += await self._try_head(stream)
        return tried

    async def outlook(self) -> tuple[list[tuple[str, str, int]], float]:
        """What is missing, and the seconds until a parked message is to be tried again."""
        async with transaction(self.database) as session:
            connection = await driver(session)
            return await dead_letters.gaps(connection), await dead_letters.seconds_to_next_try(connection)

    async def _due(self) -> list[Stream]:
        async with transaction(self.database) as session:
            return await dead_letters.due(await driver(session))

    async def _try_head(self, stream: Stream) -> int:
        head: Head | None = None
        try:
            async with asyncio.timeout(HANDLER_SECONDS), transaction(self.database) as session:
                await lock_streams(session, [stream])
                head = await dead_letters.head_of(await driver(session), stream)
                if head is not None:
                    await self._take_effect(session, stream, head)
        except Exception as error:  # of any handler: kept with its message
            if head is None or is_outage(error):
                raise
            await self._note_failure(stream, head, error)
        return int(head is not None)

    async def _take_effect(self, session: Session, stream: Stream, head: Head) -> None:
        connection, now = await driver(session), self.database.clock.now()
        message = read(head.record)
        reaction = reaction_to(message, self.handlers)
        if reaction is not None:
            await reaction.run(session)
            await deduplication.record(connection, [message], now)
        await deduplication.advance(connection, {stream: Position(message.delivery.sequence, parked=True)})
        await dead_letters.resolve(connection, stream, message.delivery.sequence, "handled", now)

    async def _note_failure(self, stream: Stream, head: Head, error: Exception) -> None:
        hopeless = isinstance(error, HOPELESS) or head.tries >= len(self.pauses)
        async with transaction(self.database) as session:
            await lock_streams(session, [stream])
            await dead_letters.failed(await driver(session), head, error, None if hopeless else self.pauses[head.tries])
        log.error("event failed", source=stream[0], aggregate=stream[1], error=type(error).__name__, final=hopeless)
