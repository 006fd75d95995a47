"""The five services as the demo reaches them: public HTTP with bearer tokens and idempotency keys, and nothing else.

Every key is made from what is asked, so that a demo that was cut off can be run again: what was done answers as it did.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from deploy.local import tokens
from deploy.local.home import Home
from deploy.local.tokens import Person
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.web.http_client import AsyncClient, Response, TransportError, open_client

PATIENCE = 60.0
"""Seconds until a fact that one service told must be known to another, and until a service that went down must be back."""
IMPORT_PATIENCE = 3600.0
"""The same for a file of a million rows."""
_POLL = 0.05
_IMPORT_POLL = 0.5
"""Each look at an import is noted in the audit trail."""
_AWAY = 503


class Refused(RuntimeError):
    """A service refused; `problem` is its problem document."""

    def __init__(self, asked: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{asked}: {status} {json.dumps(problem, ensure_ascii=False)[:1500]}")
        self.status, self.problem = status, problem
        self.code: str = str(problem.get("code", ""))


class NotInTimeError(RuntimeError):
    """A fact did not become known in time."""


class UnexpectedError(RuntimeError):
    """The services answered, but not what the campaign has to find."""


@dataclass
class Api:
    """Talks to the services and counts how often. `again` tells that the province has lived through some of it before."""

    clients: Mapping[str, AsyncClient]
    home: Home
    seed: int
    again: bool = False
    calls: int = 0
    _tokens: dict[Person, str] = field(default_factory=dict)

    async def get(self, service: str, path: str, by: Person | None, **query: str | int) -> Any:
        """The JSON document at `path`."""
        return (await self._ask(service, "GET", path, by, params=query)).json()

    async def download(self, service: str, path: str, by: Person | None, accept: str = "*/*", **query: str | int) -> bytes:
        """The file at `path`, in the form that is asked for."""
        return (await self._ask(service, "GET", path, by, params=query, headers={"Accept": accept})).content

    async def all(self, service: str, path: str, by: Person | None, **query: str | int) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        items: list[dict[str, Any]] = []
        following: str | None = ""
        while following is not None:
            page = await self.get(service, path, by, limit=200, **query, **({"cursor": following} if following else {}))
            items += page["items"]
            following = page["next"]
        return items

    async def post(self, service: str, path: str, by: Person, body: Mapping[str, Any] | None = None) -> Any:
        """Act once, however often it is asked."""
        content = dict(body or {})
        key = self._key(by, path, json.dumps(content, sort_keys=True))
        return _content(await self._ask(service, "POST", path, by, json=content, headers={"Idempotency-Key": key}))

    async def send(self, service: str, path: str, by: Person, content: bytes, media: str, **query: str | int) -> Any:
        """Send a file of media type `media`."""
        key = self._key(by, path, json.dumps(query, sort_keys=True), hashlib.sha256(content).hexdigest())
        headers = {"Idempotency-Key": key, "Content-Type": media}
        return _content(await self._ask(service, "POST", path, by, params=query, content=content, headers=headers))

    async def put(self, service: str, path: str, by: Person, body: Mapping[str, Any], of: Mapping[str, Any]) -> Any:
        """Edit `path` of the resource `of`, as it was last seen; what was edited before a cut is looked at again."""
        now = await self.get(service, path.rpartition("/")[0], by) if self.again else of
        if self.again and all(now.get(name) == value for name, value in body.items()):
            return now
        headers = {"If-Match": f'"{now["version"]}"'}
        try:
            return _content(await self._ask(service, "PUT", path, by, json=dict(body), headers=headers))
        except Refused:
            if not self.again:
                raise
            return now

    async def clock(self) -> datetime:
        """What the clock of the services shows."""
        return datetime.fromisoformat((await self.get("registry", "/test-clock", None))["now"])

    async def move_clock(self, instant: datetime) -> None:
        """Set the clock of all services; it never goes back."""
        if not self.again or await self.clock() < instant:
            await self._ask("registry", "PUT", "/test-clock", None, json={"now": instant.isoformat()})

    def _key(self, by: Person, *parts: str) -> str:
        return hashlib.sha256("\x1f".join((str(self.seed), by.subject, *parts)).encode()).hexdigest()

    async def _ask(self, service: str, method: str, path: str, by: Person | None, **arguments: Any) -> Response:
        headers = {**arguments.pop("headers", {}), **self._bearer(by)}
        answer = await self._patiently(service, method, path, headers=headers, **arguments)
        if answer.is_error:
            raise Refused(f"{method} {service} {path}", answer.status_code, _problem(answer))
        return answer

    async def _patiently(self, service: str, method: str, path: str, **arguments: Any) -> Response:
        """Ask again while the service is away: the key of an act makes that safe."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            self.calls += 1
            try:
                answer = await self.clients[service].request(method, path, **arguments)
            except TransportError:
                if loop.time() > deadline:
                    raise
            else:
                if answer.status_code != _AWAY or loop.time() > deadline:
                    return answer
            await asyncio.sleep(_POLL)

    def _bearer(self, by: Person | None) -> dict[str, str]:
        if by is None:
            return {}
        if by not in self._tokens:
            now, lifetime = SystemClock().now(), timedelta(hours=6)
            self._tokens[by] = tokens.issue(self.home, by, token_id=new_id(), now=now, lifetime=lifetime)
        return {"Authorization": f"Bearer {self._tokens[by]}"}


@asynccontextmanager
async def connected(urls: Mapping[str, str], home: Home, seed: int) -> AsyncIterator[Api]:
    """The services at `urls`, closed at the end."""
    clients = {name: open_client(url) for name, url in urls.items()}
    try:
        api = Api(clients, home, seed)
        api.again = abs(await api.clock() - SystemClock().now()) > timedelta(minutes=1)
        yield api
    finally:
        for client in clients.values():
            await client.aclose()


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


def _content(answer: Response) -> Any:
    return answer.json() if answer.content else None


def _problem(answer: Response) -> dict[str, Any]:
    kind = answer.headers.get("content-type", "")
    return dict(answer.json()) if "json" in kind else {"detail": answer.text[:300]}
