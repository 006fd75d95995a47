"""An act over HTTP: strict body, one transaction that commits before the answer is sent, and each Idempotency-Key acts once."""

import hashlib
import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any, cast

from asyncpg import Record
from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import Column, LargeBinary, SmallInteger, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from starlette.types import Message

from shared.core import strict_json
from shared.core.errors import (
    DomainError,
    Forbidden,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    MalformedBody,
    NotFound,
    StaleVersion,
    VersionRequired,
)
from shared.database.session import Database, ReadSession, Session, instant, platform, reading, transaction
from shared.security import audit
from shared.security.auth import Caller, identify

KEY_HEADER = "Idempotency-Key"
MAX_KEY = 200
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_KEPT_HEADERS = ("location", "etag", "content-type")

idempotency = Table(
    "idempotency_key",
    platform,
    Column("subject", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("request_hash", String, nullable=False),
    Column("at", instant(), nullable=False, index=True),
    Column("status", SmallInteger),
    Column("headers", JSONB),
    Column("body", LargeBinary),
)

_CLAIM = """
INSERT INTO idempotency_key (subject, key, request_hash, at) VALUES ($1, $2, '', $3) ON CONFLICT DO NOTHING RETURNING true
"""
_KEPT = "SELECT request_hash, status, headers::text, body FROM idempotency_key WHERE subject = $1 AND key = $2"
_KEEP = """
UPDATE idempotency_key SET request_hash = $3, status = $4, headers = $5::text::jsonb, body = $6 WHERE subject = $1 AND key = $2
"""


def _database(request: Request) -> Database:
    return cast("Database", request.app.state.database)


async def _reading(request: Request) -> ReadSession:
    return cast("ReadSession", request.state.session)


async def _acting(request: Request) -> Session:
    return cast("Session", request.state.session)


async def _instant(request: Request) -> datetime:
    return _database(request).clock.now()


Reading = Annotated[ReadSession, Depends(_reading)]
"""A session that only reads; inside an act, and where the read itself is noted, that of the transaction."""
Transaction = Annotated[Session, Depends(_acting)]
"""The session of the act; it commits when the route has returned and before the answer is sent."""
Now = Annotated[datetime, Depends(_instant)]
"""The instant of the request, in UTC."""


class ActRoute(APIRoute):
    """The route class of every router of ours."""

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler in the transaction where the route asks for one."""
        inner = super().get_route_handler()
        answer = _act if acts(self) else _read if _uses(self.dependant, _reading) else _plainly

        async def handle(request: Request) -> Response:
            try:
                return await answer(request, inner)
            except (Forbidden, NotFound) as refusal:
                await _note_refusal(request, refusal)
                raise

        return handle


def acts(route: APIRoute) -> bool:
    """Whether the route changes something: whether it asks for a `Transaction`."""
    return _uses(route.dependant, _acting)


def _uses(dependant: Dependant, call: Callable[..., Any]) -> bool:
    return any(each.call is call or _uses(each, call) for each in dependant.dependencies)


async def _plainly(request: Request, inner: Handler) -> Response:
    await _read_strictly(request)
    return await inner(request)


async def _read(request: Request, inner: Handler) -> Response:
    await _read_strictly(request)
    async with reading(_database(request)) as session:
        request.state.session = session
        return await inner(request)


async def _read_strictly(request: Request) -> None:
    if any(not strict_json.acceptable(text) for text in (request.scope["path"], *_query_texts(request))):
        raise InvalidRequest("control characters are not accepted", pointer="query")
    if "json" in request.headers.get("content-type", "") and (body := await request.body()):
        request._json = strict_json.parse(body)  # noqa: SLF001  (what Request.json() would keep, read strictly)


def _query_texts(request: Request) -> list[str]:
    return [text for pair in request.query_params.multi_items() for text in pair] if request.scope["query_string"] else []


class _Asked:
    """What a request asks: the digest of its address and of every byte of its body, taken while the body is read."""

    def __init__(self, request: Request) -> None:
        self._request, self._receive = request, request._receive  # noqa: SLF001  (there is no public way to read along)
        self._hash = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
        request._receive = self._read_along  # noqa: SLF001

    async def digest(self) -> str:
        """Read what is left of the body, and give the digest in hexadecimal."""
        if not self._request._stream_consumed:  # noqa: SLF001
            async for _ in self._request.stream():
                pass
        return self._hash.hexdigest()

    async def _read_along(self) -> Message:
        message = await self._receive()
        self._hash.update(message.get("body", b""))
        return message


async def _act(request: Request, inner: Handler) -> Response:
    asked = _Asked(request)  # before anything reads the body
    await _read_strictly(request)
    async with transaction(_database(request)) as session:
        request.state.session = session
        if request.method != "POST":
            return await inner(request)
        by, key = identify(request), _key(request)
        kept = await _claim(session, by, key)
        if kept is not None:
            return _again(kept, await asked.digest())
        response = await inner(request)
        await _keep(session, by, key, await asked.digest(), response)
        return response


def _key(request: Request) -> str:
    key = request.headers.get(KEY_HEADER)
    if not key:
        raise IdempotencyKeyRequired(pointer=f"header/{KEY_HEADER}")
    if len(key) > MAX_KEY or not key.isprintable():
        raise MalformedBody(pointer=f"header/{KEY_HEADER}")
    return key


async def _claim(session: Session, by: Caller, key: str) -> Record | None:
    """Make the key ours, waiting for another request that holds it; or give what was kept of the first one.

    The digest follows with the answer: nobody sees the row before both are committed, and an upload is read only once.
    """
    if await session.fetch(_CLAIM, by.subject, key, session.now):
        return None
    return (await session.fetch(_KEPT, by.subject, key))[0]


def _again(kept: Record, digest: str) -> Response:
    if kept["request_hash"] != digest:
        raise IdempotencyKeyReused(pointer=f"header/{KEY_HEADER}")
    headers = json.loads(kept["headers"]) | {"Idempotency-Replayed": "true"}
    return Response(kept["body"], kept["status"], headers=headers)


async def _keep(session: Session, by: Caller, key: str, digest: str, response: Response) -> None:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    answer = (response.status_code, json.dumps(headers), bytes(response.body))
    await session.fetch(_KEEP, by.subject, key, digest, *answer)


async def _note_refusal(request: Request, refusal: DomainError) -> None:
    """Leave a trace of who asked for what lies outside the role or jurisdiction; the act itself was rolled back."""
    by: Caller | None = getattr(request.state, "caller", None)
    if by is None:
        return
    async with transaction(_database(request)) as session:
        asked = {"method": request.method, "query": request.url.query} if request.url.query else {"method": request.method}
        audit.record(session, by, "access.refused", request.url.path, **asked, code=refusal.code)


def etag(version: int) -> str:
    """The ETag of a version number."""
    return f'"{version}"'


async def expected_version(request: Request) -> int:
    """The version that an edit was based on, from If-Match.

    Raises:
        VersionRequired: the header is missing.
        StaleVersion: it is no version of ours.
    """
    header = request.headers.get("if-match")
    if header is None:
        raise VersionRequired(pointer="header/If-Match")
    number = header.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit()):
        raise StaleVersion(pointer="header/If-Match")
    return int(number)


Version = Annotated[int, Depends(expected_version)]
"""The version an edit is based on."""
