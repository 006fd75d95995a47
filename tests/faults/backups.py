"""A database that is restored from a backup older than what its service had heard by then."""

import asyncio
import signal

from asyncpg import Connection

from tests.faults.breaking import Stage, second, second_process, until_ready

SERVICE = "reporting"
"""It tells only what officials do, so that nothing is told which the backup does not hold, as long as nobody can ask it."""
_OWNER = "SELECT datdba::regrole::text FROM pg_database WHERE datname = $1"


async def restore_older(stage: Stage, seconds: float) -> None:
    """A backup is taken; for so long the service hears what the others tell; then the backup takes its database's place."""
    live, backup = f"ccc_{SERVICE}", f"backup_{SERVICE}"
    plant = stage.plant
    plant.hold(SERVICE)
    plant.send(SERVICE, signal.SIGKILL)
    async with plant.database("registry") as server:
        await _close(stage, server, live)
        await server.execute(f"CREATE DATABASE {backup} TEMPLATE {live} OWNER {await server.fetchval(_OWNER, live)}")
        async with second_process(stage, SERVICE):
            await until_ready(second(stage, SERVICE, {}))
            await asyncio.sleep(seconds)
        await _close(stage, server, live)
        await server.execute(f"DROP DATABASE {live} WITH (FORCE)")
        await server.execute(f"ALTER DATABASE {backup} RENAME TO {live}")
        await server.execute(f"REVOKE ALL ON DATABASE {live} FROM PUBLIC")
        await server.execute(f"GRANT CONNECT ON DATABASE {live} TO {live}")
    plant.release(SERVICE)
    await plant.ready(SERVICE)


async def _close(stage: Stage, server: Connection, database: str) -> None:
    """Nobody may look at a database that is copied or renamed."""
    if (eye := stage.plant.eyes.pop(SERVICE, None)) is not None:
        eye.terminate()
    query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1"
    while await server.fetchval(query, database):
        await asyncio.sleep(0.1)
