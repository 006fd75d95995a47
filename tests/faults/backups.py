"""A database that is restored from a backup older than what its service had handled by then."""

import asyncio
import signal

from asyncpg import Connection

from tests.faults.fault_actions import FaultContext, second, second_process, until_ready

SERVICE = "reporting"
"""It publishes only what officials do: while nobody can call it, it publishes no event that the backup does not hold."""
_OWNER = "SELECT datdba::regrole::text FROM pg_database WHERE datname = $1"


async def restore_older(context: FaultContext, seconds: float) -> None:
    """A backup is taken; for so many seconds the service consumes events; then the backup replaces its database."""
    live, backup = f"ccc_{SERVICE}", f"backup_{SERVICE}"
    cluster = context.cluster
    cluster.hold(SERVICE)
    cluster.send(SERVICE, signal.SIGKILL)
    async with cluster.database("registry") as server:
        await _close(context, server, live)
        await server.execute(f"CREATE DATABASE {backup} TEMPLATE {live} OWNER {await server.fetchval(_OWNER, live)}")
        async with second_process(context, SERVICE):
            await until_ready(second(context, SERVICE, {}))
            await asyncio.sleep(seconds)
        await _close(context, server, live)
        await server.execute(f"DROP DATABASE {live} WITH (FORCE)")
        await server.execute(f"ALTER DATABASE {backup} RENAME TO {live}")
        await server.execute(f"REVOKE ALL ON DATABASE {live} FROM PUBLIC")
        await server.execute(f"GRANT CONNECT ON DATABASE {live} TO {live}")
    cluster.release(SERVICE)
    await cluster.ready(SERVICE)


async def _close(context: FaultContext, server: Connection, database: str) -> None:
    """Nobody may look at a database that is copied or renamed."""
    if (connection := context.cluster.connections.pop(SERVICE, None)) is not None:
        connection.terminate()
    query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1"
    while await server.fetchval(query, database):
        await asyncio.sleep(0.1)
