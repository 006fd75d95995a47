"""The five services as the demo reaches them: public HTTP with bearer tokens and idempotency keys, and nothing else.

Every key is made from what is asked, so that a demo that was cut off can be run again: what was done answers as it did.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deploy.cli.client import ApiClient, content_of
from deploy.cli.credentials import Person
from deploy.cli.errors import ApiError
from deploy.cli.installation import Installation
from deploy.local.home import Home
from deploy.local.tokens import DevelopmentTokens
from shared.core.clock import SystemClock
from shared.web.http_client import Response, TransportError

PATIENCE = 60.0
"""Seconds until a fact that one service published must be known to another, and until a service that went down must be back."""
IMPORT_PATIENCE = 3600.0
"""The same for a file of a million rows."""
_POLL = 0.05
_IMPORT_POLL = 0.5
"""Each look at an import is noted in the audit trail."""
_AWAY = 503
TOKEN_LIFETIME = timedelta(hours=6)


class NotInTimeError(RuntimeError):
    """A fact did not become known in time."""


class UnexpectedError(RuntimeError):
    """The services answered, but not what the campaign has to find."""


@dataclass
class Api(ApiClient):
    """Talks to the services and counts how often. `again` says that the province has lived through some of it before."""

    seed: int = 0
    again: bool = False
    calls: int = 0

    async def put(self, service: str, path: str, by: Person, body: Mapping[str, Any], of: Mapping[str, Any]) -> Any:
        """Edit `path` of the resource `of`, as it was last seen; what was edited before a cut is looked at again."""
        now = await self.get(service, path.rpartition("/")[0], by) if self.again else of
        if self.again and all(now.get(name) == value for name, value in body.items()):
            return now
        headers = {"If-Match": f'"{now["version"]}"'}
        try:
            return content_of(await self.ask(service, "PUT", path, by, json=dict(body), headers=headers))
        except ApiError:
            if not self.again:
                raise
            return now

    async def clock(self) -> datetime:
        """What the clock of the services shows."""
        return datetime.fromisoformat((await self.get("registry", "/test-clock", None))["now"])

    async def move_clock(self, instant: datetime) -> None:
        """Set the clock of all services; it never goes back."""
        if not self.again or await self.clock() < instant:
            await self.ask("registry", "PUT", "/test-clock", None, json={"now": instant.isoformat()})

    def key(self, by: Person, path: str, body: Mapping[str, Any], content: bytes | None = None) -> str:
        """Made of what is asked, so that an act that was done answers as it did."""
        parts = [path, json.dumps(body, sort_keys=True), *([] if content is None else [hashlib.sha256(content).hexdigest()])]
        return hashlib.sha256("\x1f".join((str(self.seed), by.subject, *parts)).encode()).hexdigest()

    async def exchange(self, service: str, method: str, path: str, **arguments: Any) -> Response:
        """Ask again while the service is away: the key of an act makes that safe."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            self.calls += 1
            try:
                answer = await super().exchange(service, method, path, **arguments)
            except TransportError:
                if loop.time() > deadline:
                    raise
            else:
                if answer.status_code != _AWAY or loop.time() > deadline:
                    return answer
            await asyncio.sleep(_POLL)


@asynccontextmanager
async def connected(urls: Mapping[str, str], home: Home, seed: int) -> AsyncIterator[Api]:
    """The services at `urls`, closed at the end."""
    api = Api(Installation(urls, credentials=DevelopmentTokens(home, TOKEN_LIFETIME)), seed=seed)
    try:
        api.again = abs(await api.clock() - SystemClock().now()) > timedelta(minutes=1)
        yield api
    finally:
        await api.close()


async def import_file(api: Api, by: Person, content: bytes, media: str, **query: str | int) -> dict[str, Any]:
    """Import a file and wait for its end: the import as it is then, `repeated` when the same file was sent before."""
    sent: dict[str, Any] = await api.send("registry", "/v1/imports", by, content, media, **query)

    async def ended() -> dict[str, Any] | None:
        run: dict[str, Any] = await api.get("registry", f"/v1/imports/{sent['id']}", by)
        return run if run["state"] in {"completed", "failed"} else None

    found = await until(f"the import {sent['id']} has ended", ended, IMPORT_PATIENCE, pause=_IMPORT_POLL)
    return dict(found) | {"repeated": sent["repeated"]}


async def until(what: str, look: Callable[[], Any], seconds: float = PATIENCE, pause: float = _POLL) -> Any:
    """Look again and again until there is something: a fact of another service arrives when it arrives."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := await look()):
        if loop.time() > deadline:
            raise NotInTimeError(f"not within {seconds:.0f} s: {what}")
        await asyncio.sleep(pause)
    return found
