"""A steady load of the campaign's own acts over HTTP, each recorded with its key, its answers and what became of it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from deploy.demo import cast
from deploy.local import tokens
from deploy.local.tokens import Person
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.web.http_client import AsyncClient, TransportError, open_client
from tests.faults.plant import Plant

ANSWER_SECONDS = 8.0
AGAIN_SECONDS = 0.1
REGISTRAR = cast.PLANNER


@dataclass
class Act:
    """One act, from its first try to its answer."""

    kind: str
    service: str
    path: str
    by: Person
    body: dict[str, Any]
    method: str = "POST"
    key: str = field(default_factory=lambda: str(new_id()))
    tries: int = 0
    begun: float = field(default_factory=time.time)
    ended: float | None = None
    status: int | None = None
    answer: Any = None

    @property
    def acknowledged(self) -> bool:
        """Whether a 2xx came back."""
        return self.status is not None and self.status < 300


@dataclass
class Load:
    """The history of officials at work, a few at once, until they are told to stop."""

    plant: Plant
    clients: dict[str, AsyncClient]
    seed: int
    history: list[Act] = field(default_factory=list)
    slowest_refusal: float = 0.0
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _tokens: dict[Person, str] = field(default_factory=dict)

    async def act(
        self, kind: str, service: str, path: str, by: Person, body: dict[str, Any] | None = None, *, method: str = "POST"
    ) -> Any:
        """Ask until there is an answer that counts; the key makes that safe."""
        one = Act(kind, service, path, by, body or {}, method)
        self.history.append(one)
        one.status, one.answer = await self.answer_to(one)
        one.ended = time.time()
        return one.answer

    async def answer_to(self, one: Act) -> tuple[int, Any]:
        """Send the act again and again, until there is an answer that counts."""
        while True:
            one.tries += 1
            with suppress(TransportError):
                status, answer = await self.ask(one)
                if status < 500:
                    return status, answer
            await asyncio.sleep(AGAIN_SECONDS)

    async def ask(self, one: Act) -> tuple[int, Any]:
        """Send the act once."""
        headers = self.credentials(one.by) | {"Idempotency-Key": one.key}
        begun = time.monotonic()
        answer = await self.clients[one.service].request(one.method, one.path, json=one.body, headers=headers)
        if answer.status_code == 503:
            self.slowest_refusal = max(self.slowest_refusal, time.monotonic() - begun)
        return answer.status_code, answer.json() if answer.content else None

    def credentials(self, by: Person = REGISTRAR) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self._token(by)}"}

    def _token(self, by: Person) -> str:
        if by not in self._tokens:
            now, life = SystemClock().now(), timedelta(hours=6)
            self._tokens[by] = tokens.issue(self.plant.home, by, token_id=new_id(), now=now, lifetime=life)
        return self._tokens[by]


@asynccontextmanager
async def asking(plant: Plant) -> AsyncIterator[Load]:
    """The same without work of its own, to ask single acts."""
    clients = {name: open_client(url, seconds=60) for name, url in plant.urls.items()}
    yield Load(plant, clients, 0)
    for client in clients.values():
        await client.aclose()
