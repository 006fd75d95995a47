"""Keyset pages with opaque signed cursors. PostgreSQL builds the JSON of the rows, so a page costs one query and no models."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import (
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    cast,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.sql.selectable import NamedFromClause

from shared.core.errors import InvalidCursor, NotFound
from shared.database import prepared
from shared.database.session import ReadSession, Session
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
    """The limit of a page and the cursor it begins after."""

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
    of_list, *keys = json.loads(body)
    if of_list != name:
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
    session: Session | ReadSession,
    rows: prepared.Query,
    paging: PageRequest,
    *,
    by: Sequence[SQLColumnExpression[Any]],
    descending: bool = False,
) -> Response:
    """Respond with a page of `rows`, a select whose labels are the item's fields, in the order of the unique columns `by`."""
    after = paging.after
    if after is not None and len(after) != len(by):
        raise InvalidCursor(pointer="query/cursor")
    shape = (page, tuple(by), descending, after is not None)
    bounds = {} if after is None else {_after(index): value for index, value in enumerate(after)}
    change = partial(_as_page, by=by, descending=descending, after_cursor=after is not None)
    lines = await prepared.fetch(session, rows.over(shape, change, page_limit=paging.limit + 1, **bounds))
    next_cursor = None
    if len(lines) > paging.limit:
        next_cursor = paging.cursor(list(lines[paging.limit - 1].values())[1:])
    items = ",".join([line[0] for line in lines[: paging.limit]])
    return _json(f'{{"items":[{items}],"next":{json.dumps(next_cursor)}}}')


def _as_page(rows: Select[Any], *, by: Sequence[Any], descending: bool, after_cursor: bool) -> Select[Any]:
    """The rows after the cursor, each as its JSON and its key values."""
    if after_cursor:
        bounds = tuple_(*[cast(bindparam(_after(index), "", Text), key.type) for index, key in enumerate(by)])
        rows = rows.where(tuple_(*by) < bounds if descending else tuple_(*by) > bounds)
    order = [key.desc() if descending else key.asc() for key in by]
    keys = [cast(key, Text).label(f"_key{index}") for index, key in enumerate(by)]
    page_rows = rows.add_columns(*keys).order_by(*order).limit(bindparam("page_limit", 0, Integer)).subquery("t")
    item = select(*[page_rows.c[field.name] for field in rows.selected_columns]).correlate(page_rows).lateral("item")
    columns = [page_rows.c[key.name] for key in keys]
    return select(_json_of(item), *columns).select_from(page_rows.join(item, true()))


def _after(index: int) -> str:
    return f"page_after_{index}"


async def single(session: Session | ReadSession, row: prepared.Query, missing: type[NotFound] = NotFound) -> Response:
    """Respond with the single row of a select as a JSON object built by PostgreSQL.

    Raises:
        NotFound: there is no such row.
    """
    lines = await prepared.fetch(session, row.over(single, _as_json))
    if not lines:
        raise missing
    return _json(lines[0][0])


def _as_json(row: Select[Any]) -> Select[Any]:
    item = row.subquery("item")
    return select(_json_of(item)).select_from(item)


def _json_of(rows: NamedFromClause) -> Any:
    """A row as JSON text; row_to_json takes half the time of to_jsonb, which builds a tree first."""
    return cast(func.row_to_json(rows.table_valued()), Text)


def _json(body: str) -> Response:
    return Response(body.encode(), media_type="application/json")
