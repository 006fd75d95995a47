"""Leader election of the relay: one process for each database, the one whose connection holds the advisory lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog
from asyncpg import Connection

from shared.database.session import Database

log = structlog.get_logger()

STANDBY_SECONDS = 0.2
FROZEN_SECONDS = 5.0
"""A leader whose connection has been silent for so long is frozen; a working one sends a heartbeat every second (`relay.py`)."""

_LOCK = 6_023_745_511
_TRY = f"SELECT pg_try_advisory_lock({_LOCK})"

_TERMINATE_FROZEN = f"""
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = {_LOCK}
  AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND greatest(query_start, state_change) < clock_timestamp() - interval '{FROZEN_SECONDS} seconds'
"""  # noqa: S608  (built from constants)


@asynccontextmanager
async def leadership(database: Database, stopping: asyncio.Event) -> AsyncIterator[Connection | None]:
    """Wait until this process leads, and yield the connection that holds the lock; None when `stopping` is set before.

    Losing the connection is losing the leadership. The leader writes through this connection only, so a leader that has been
    replaced cannot write.
    """
    async with dedicated_connection(database, "relay") as connection:
        while not await connection.fetchval(_TRY):
            if stopping.is_set():
                yield None
                return
            if await connection.fetchval(_TERMINATE_FROZEN):
                log.error("a frozen relay was terminated", service=database.service)
            await asyncio.sleep(STANDBY_SECONDS)
        yield connection


@asynccontextmanager
async def dedicated_connection(database: Database, purpose: str) -> AsyncIterator[Connection]:
    """A connection outside the pool, closed at the end together with every lock it holds."""
    _, address = database.writing.dialect.create_connect_args(database.writing.url)
    server = {"timezone": "UTC", "application_name": f"{database.service}-{purpose}", "jit": "off"}
    connection = await asyncpg.connect(**address, server_settings=server, timeout=2, command_timeout=10)
    try:
        yield connection
    finally:
        connection.terminate()  # at once: a connection that was taken away would never finish closing
