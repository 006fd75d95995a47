"""Idempotency-Key: the same key of the same caller takes effect once, and later requests get the first response again."""

import json

from asyncpg import Record
from fastapi import Request, Response
from sqlalchemy import Column, LargeBinary, SmallInteger, String, Table
from sqlalchemy.dialects.postgresql import JSONB

from shared.core.errors import IdempotencyKeyRequired, IdempotencyKeyReused, MalformedBody
from shared.database.session import Session, instant, platform
from shared.security.auth import Caller

KEY_HEADER = "Idempotency-Key"
MAX_KEY = 200
_REPLAYED_HEADERS = ("location", "etag", "content-type")

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
_SELECT = "SELECT request_hash, status, headers::text, body FROM idempotency_key WHERE subject = $1 AND key = $2"
_UPDATE = """
UPDATE idempotency_key SET request_hash = $3, status = $4, headers = $5::text::jsonb, body = $6 WHERE subject = $1 AND key = $2
"""


def key_of(request: Request) -> str:
    """The key of a request.

    Raises:
        IdempotencyKeyRequired: the header is missing or empty.
        MalformedBody: it is longer than 200 characters or not printable.
    """
    key = request.headers.get(KEY_HEADER)
    if not key:
        raise IdempotencyKeyRequired(pointer=f"header/{KEY_HEADER}")
    if len(key) > MAX_KEY or not key.isprintable():
        raise MalformedBody(pointer=f"header/{KEY_HEADER}")
    return key


async def claim(session: Session, by: Caller, key: str) -> Record | None:
    """Claim the key, waiting for another request that holds it; the stored response when that one has committed.

    The digest follows with the response: nobody sees the row before both are committed, and an upload is read only once.
    """
    if await session.fetch(_CLAIM, by.subject, key, session.now):
        return None
    return (await session.fetch(_SELECT, by.subject, key))[0]


def replay(stored: Record, digest: str) -> Response:
    """The response of the first request again.

    Raises:
        IdempotencyKeyReused: the first request had another digest.
    """
    if stored["request_hash"] != digest:
        raise IdempotencyKeyReused(pointer=f"header/{KEY_HEADER}")
    headers = json.loads(stored["headers"]) | {"Idempotency-Replayed": "true"}
    return Response(stored["body"], stored["status"], headers=headers)


async def keep(session: Session, by: Caller, key: str, digest: str, response: Response) -> None:
    """Store the response under the claimed key, in the transaction of the request itself."""
    headers = {name: response.headers[name] for name in _REPLAYED_HEADERS if name in response.headers}
    content = (response.status_code, json.dumps(headers), bytes(response.body))
    await session.fetch(_UPDATE, by.subject, key, digest, *content)
