"""Sampling as processes of its own on the database of a test, to be killed with SIGKILL wherever it hurts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from sqlalchemy.engine import URL

from deploy import serve
from deploy.local.ports import LOOPBACK
from shared.core.ids import new_id
from shared.testing.world import Issuer

PATIENCE = 60.0


class Process:
    """One process of the service."""

    def __init__(self, database: URL, clock: Path) -> None:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port = int(probe.getsockname()[1])
        self.address = f"http://{LOOPBACK}:{port}"
        settings = {
            "CCC_DATABASE_URL": database.set(drivername="postgresql").render_as_string(hide_password=False),
            "CCC_TEST_CLOCK_FILE": str(clock),
            "CCC_LOG_LEVEL": "ERROR",
        }
        command = serve.command("sampling", host=LOOPBACK, port=port)
        self._process = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)

    async def ready(self) -> None:
        """Wait until it answers."""
        async with httpx.AsyncClient(base_url=self.address) as http:
            for _ in range(int(PATIENCE / 0.05)):
                assert self._process.poll() is None, "the service ended by itself"
                try:
                    if (await http.get("/livez")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        raise TimeoutError("the service does not answer")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class Ceremony:
    """A caller of whichever process lives; another is always waiting to take over."""

    def __init__(self, database: URL, owner: asyncpg.Connection, clock: Path, issuer: Issuer) -> None:
        self._database, self._owner, self._clock, self._issuer = database, owner, clock, issuer
        self._live, self._next = Process(database, clock), Process(database, clock)

    async def ask(self, path: str, body: Any, key: str, who: dict[str, Any]) -> httpx.Response:
        """One request under an Idempotency-Key."""
        await self._live.ready()
        token = self._issuer.token(who["as_"], who.get("org", "35"), who["sub"])
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        async with httpx.AsyncClient(base_url=self._live.address, timeout=PATIENCE) as http:
            return await http.post(path, content=None if body is None else json.dumps(body), headers=headers)

    async def facts(self) -> dict[str, Any]:
        """What is committed: how long the ledger and the record of acts are, and how every draw stands."""
        draws = await self._owner.fetch("SELECT id, state, attempt, commitment_digest, people FROM draw ORDER BY id")
        return {
            "ledger": await self._owner.fetchval("SELECT count(*) FROM ledger_entry"),
            "acts": await self._owner.fetchval("SELECT count(*) FROM audit_log"),
            "published": await self._owner.fetchval("SELECT count(*) FROM outbox"),
            "draws": [tuple(row) for row in draws],
        }

    async def killed_before_commit(self, path: str, body: Any, who: dict[str, Any]) -> None:
        """The act is done but for its commit when the process dies; nothing of it is left."""
        before = await self.facts()
        barrier = self._owner.transaction()
        await barrier.start()
        await self._owner.execute("LOCK TABLE audit_log IN SHARE MODE")
        asking = asyncio.create_task(self.ask(path, body, str(new_id()), who))
        await self._until("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'audit_log'::regclass", 1, asking)
        self._die()
        await barrier.rollback()
        assert isinstance((await asyncio.gather(asking, return_exceptions=True))[0], httpx.TransportError)
        await self._alone()
        assert await self.facts() == before

    async def killed_after_commit(self, path: str, body: Any, who: dict[str, Any]) -> httpx.Response:
        """The act is committed when the process dies, the caller does not know, and asks again with the same key."""
        key, acts = str(new_id()), (await self.facts())["acts"]
        asking = asyncio.create_task(self.ask(path, body, key, who))
        await self._until("SELECT count(*) FROM audit_log", acts + 1, asking)
        self._die()
        await asyncio.gather(asking, return_exceptions=True)
        await self._alone()
        committed = await self.facts()
        answer = await self.ask(path, body, key, who)
        assert answer.is_success, answer.text
        assert await self.facts() == committed
        return answer

    def _die(self) -> None:
        self._live.kill()
        self._live, self._next = self._next, Process(self._database, self._clock)

    async def _until(self, query: str, wanted: int, asking: asyncio.Task[httpx.Response]) -> None:
        for _ in range(int(PATIENCE / 0.005)):
            if await self._owner.fetchval(query) == wanted:
                return
            assert not asking.done() or asking.exception() is None, asking.exception()
            await asyncio.sleep(0.005)
        raise TimeoutError(query)

    async def _alone(self) -> None:
        """PostgreSQL has noticed that the process is gone."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE '%transaction%'"
        for _ in range(int(PATIENCE / 0.01)):
            if not await self._owner.fetchval(query + " AND pid <> pg_backend_pid()"):
                return
            await asyncio.sleep(0.01)
        raise TimeoutError(query)

    def close(self) -> None:
        """End both processes."""
        self._live.kill()
        self._next.kill()


@asynccontextmanager
async def ceremony(database: URL, owner: URL, clock: Path, issuer: Issuer) -> AsyncIterator[Ceremony]:
    """Processes on this database for the length of a block."""
    address = owner.set(drivername="postgresql", database=database.database).render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    running = Ceremony(database, connection, clock, issuer)
    try:
        yield running
    finally:
        running.close()
        await connection.close()
