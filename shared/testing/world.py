"""Several services as one test sees them: real HTTP stack, real PostgreSQL, a frozen clock, and no broker."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.core.clock import SHANGHAI, FrozenClock
from shared.core.ids import new_id
from shared.core.province import province
from shared.database.session import Database
from shared.deadline_records.scheduler import pass_time
from shared.events import Event
from shared.messaging.envelope import StoredEvent
from shared.testing.bus import Subscriber, deliver, deliver_all, record_of
from shared.vocabulary import OrgLevel, Role

EXTERNAL = frozenset({Role.OBJECT_CONTACT, Role.CERT_BODY_CONTACT, Role.POLICE_LIAISON})
SUPPORT = frozenset({Role.EXPERT, Role.METROLOGY_COORDINATOR})


def level_of(role: Role, org: str) -> OrgLevel:
    """The level of an organisation code, as the identity provider would state it."""
    if role in EXTERNAL:
        return OrgLevel.EXTERNAL
    if role in SUPPORT:
        return OrgLevel.SUPPORT
    return province().level(org)


class Issuer:
    """An identity provider for tests."""

    def __init__(self, key: ECKey, name: str, audience: str) -> None:
        """Sign with `key` as `name` for `audience`."""
        self._key, self._name, self._audience = key, name, audience

    def token(self, role: Role, org: str, subject: str, **claims: Any) -> str:
        """A token valid for an hour of the machine's time."""
        body = {
            "iss": self._name,
            "aud": self._audience,
            "sub": subject,
            "role": role.value,
            "org": org,
            "org_level": level_of(role, org).value,
            "exp": int((datetime.now(UTC) + timedelta(hours=1)).timestamp()),
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, body | claims, self._key)


class ServiceClient:
    """A caller of one service: each call says as whom."""

    def __init__(self, app: FastAPI, issuer: Issuer) -> None:
        """Call `app` with tokens of `issuer`."""
        self.app, self._issuer = app, issuer
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")

    @property
    def database(self) -> Database:
        """The service's own database, for what no caller can see."""
        database: Database = self.app.state.database
        return database

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: Role | None = None,
        org: str | None = None,
        sub: str | None = None,
        key: str | None = None,
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """One request.

        `as_` None sends no token; `key` defaults to a new Idempotency-Key for a POST; `version` sets If-Match.
        """
        sent, org = dict(headers or {}), org or province().code
        if as_ is not None:
            sent["Authorization"] = f"Bearer {self._issuer.token(as_, org, sub or f'{as_.value}-{org}')}"
        if method == "POST":
            sent.setdefault("Idempotency-Key", key or str(new_id()))
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        if body is not None:
            content, sent["Content-Type"] = json.dumps(body, default=str).encode(), "application/json"
        return await self._http.request(method, path, content=content, headers=sent, params=params)

    async def get(self, path: str, **how: Any) -> httpx.Response:
        """Read."""
        return await self.call("GET", path, **how)

    async def post(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        """Create, or run a command."""
        return await self.call("POST", path, body, **how)

    async def put(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        """Replace."""
        return await self.call("PUT", path, body, **how)

    async def patch(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        """Edit."""
        return await self.call("PATCH", path, body, **how)

    async def delete(self, path: str, **how: Any) -> httpx.Response:
        """Remove."""
        return await self.call("DELETE", path, **how)

    async def close(self) -> None:
        """End the client and the service's connections."""
        await self._http.aclose()
        await self.database.close()


class World:
    """The services a test opened, at one moment in time."""

    registry: ServiceClient
    sampling: ServiceClient
    inspection: ServiceClient
    cases: ServiceClient
    reporting: ServiceClient

    def __init__(self, clients: Mapping[str, ServiceClient], clock: FrozenClock) -> None:
        """Hold these services at the time of `clock`."""
        self._clients, self.clock = clients, clock
        self._sequences: Counter[tuple[str, str]] = Counter()
        for name, client in clients.items():
            setattr(self, name, client)

    def on(self, day: date | str, hour: int = 9, minute: int = 0) -> None:
        """Set the clock to this time of a day in Asia/Shanghai."""
        legal = date.fromisoformat(day) if isinstance(day, str) else day
        self.clock.set(datetime.combine(legal, time(hour, minute), SHANGHAI).astimezone(UTC))

    async def pass_time(self) -> None:
        """Let every service's scheduler do what is due by now, and deliver what it publishes."""
        for client in self._clients.values():
            await pass_time(client.database)
        await self.settle()

    async def settle(self) -> None:
        """Deliver every event to every consumer, until the outboxes are empty."""
        await deliver_all([client.database for client in self._clients.values()], self._subscribers())

    async def publish(self, *events: Event, twice: bool = False) -> None:
        """Deliver events of services that this test does not run; `twice` delivers every event a second time."""
        records = [record_of(event.owner, self.fact(event)) for event in events]
        await deliver(records + records if twice else records, self._subscribers())

    def _subscribers(self) -> list[Subscriber]:
        return [Subscriber(one.database, one.app.state.handlers) for one in self._clients.values() if one.app.state.handlers]

    def fact(self, event: Event) -> StoredEvent:
        """The event as its owner would publish it now, numbered within its aggregate."""
        stream = (event.owner, event.aggregate)
        self._sequences[stream] += 1
        return StoredEvent(
            id=0,
            event_id=new_id(),
            type=event.type_name(),
            version=event.version,
            aggregate=event.aggregate,
            sequence=self._sequences[stream],
            occurred_at=self.clock.now(),
            traceparent=None,
            data=event.model_dump_json(),
        )


@asynccontextmanager
async def open_world(
    apps: Mapping[str, FastAPI], databases: Callable[[str, FrozenClock], Database], issuer: Issuer, clock: FrozenClock
) -> AsyncIterator[World]:
    """A world of `apps`, each on a database of its own that `databases` opens."""
    clients: dict[str, ServiceClient] = {}
    for name, app in apps.items():
        app.state.database = databases(name, clock)
        clients[name] = ServiceClient(app, issuer)
    try:
        yield World(clients, clock)
    finally:
        for client in clients.values():
            await client.close()
