"""Keyset pages with opaque signed cursors. PostgreSQL builds the JSON of the rows, so a page costs one query and no models."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, cast, column, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from shared.errors import InvalidCursor, NotFound
from shared.settings import key_bytes

_MAC_BYTES = 16
MAX_PAGE = 200

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list (分页)."""

    items: list[Item]
    next: str | None = Field(description="cursor of the next page, None at the end; opaque")


@dataclass(frozen=True)
class PageRequest:
    """How much of a list is wanted, and from where."""

    limit: int
    after: list[str] | None
    _key: bytes
    _list: str

    def cursor(self, keys: Sequence[Any]) -> str:
        """The signed cursor of the row with these key values, valid for this list alone."""
        body = json.dumps([self._list, *keys], ensure_ascii=False, separators=(",", ":")).encode()
        return urlsafe_b64encode(_mac(self._key, body) + body).decode().rstrip("=")


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, sha256)[:_MAC_BYTES]


def _opened(key: bytes, name: str, cursor: str) -> list[str]:
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise InvalidCursor(pointer="query/cursor") from error
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        raise InvalidCursor(pointer="query/cursor")
    found, *keys = json.loads(body)
    if found != name:
        raise InvalidCursor(pointer="query/cursor")
    return list(keys)


async def page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="rows a page")] = 50,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next` of the page before")] = None,
) -> PageRequest:
    """Read the page parameters of a list.

    Raises:
        InvalidCursor: the cursor was not issued for this list by this service.
    """
    key = key_bytes(request.app.state.settings.cursor_key)
    name = request.url.path
    return PageRequest(limit, _opened(key, name, cursor) if cursor else None, key, name)


Paging = Annotated[PageRequest, Depends(page_request)]


async def page(
    session: AsyncSession,
    rows: Select[Any],
    paging: PageRequest,
    *,
    by: Sequence[SQLColumnExpression[Any]],
    descending: bool = False,
) -> Response:
    """Answer one page of `rows`, a select whose labels are the fields of the item, in the order of the unique columns `by`."""
    order = [key.desc() if descending else key.asc() for key in by]
    if paging.after is not None:
        rows = rows.where(_beyond(by, paging.after, descending=descending))
    keys = [cast(key, Text).label(f"_key{index}") for index, key in enumerate(by)]
    found = rows.add_columns(*keys).order_by(*order).limit(paging.limit + 1).subquery("t")
    body = func.to_jsonb(column("t")).op("-")(literal([key.name for key in keys], _text_array()))
    result = await session.execute(select(cast(body, Text), *[found.c[key.name] for key in keys]).select_from(found))
    lines = result.all()
    following = None
    if len(lines) > paging.limit:
        following = paging.cursor(list(lines[paging.limit - 1][1:]))
    items = ",".join(line[0] for line in lines[: paging.limit])
    return _json(f'{{"items":[{items}],"next":{json.dumps(following)}}}')


def _text_array() -> Any:
    from sqlalchemy.dialects.postgresql import ARRAY  # noqa: PLC0415  (one use)

    return ARRAY(Text)


def _beyond(by: Sequence[Any], after: list[str], *, descending: bool) -> ColumnElement[bool]:
    if len(after) != len(by):
        raise InvalidCursor(pointer="query/cursor")
    mine = tuple_(*by)
    theirs = tuple_(*[cast(literal(value, Text), key.type) for key, value in zip(by, after, strict=True)])
    return mine < theirs if descending else mine > theirs


async def one(session: AsyncSession, row: Select[Any], missing: type[NotFound] = NotFound) -> Response:
    """Answer the single row of a select as a JSON object built by PostgreSQL.

    Raises:
        NotFound: there is no such row.
    """
    found = row.subquery("t")
    result = await session.execute(select(cast(func.to_jsonb(column("t")), Text)).select_from(found))
    body = result.scalar_one_or_none()
    if body is None:
        raise missing
    return _json(body)


def _json(body: str) -> Response:
    return Response(body.encode(), media_type="application/json")
