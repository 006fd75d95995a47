"""The bare peer of the HTTP benchmark: FastAPI and asyncpg with nothing between them, on the same database and rows.

It answers the same members from the same statements, and has as many connections as a service; it asks nobody who calls.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
from fastapi import FastAPI, Response
from pydantic import BaseModel


class Item(BaseModel):
    """What the list answers."""

    uscc: str
    name: str
    kind: str
    division: str
    city: str
    county: str
    address: str
    in_business: bool
    registered_at: datetime
    version: int


class Items(BaseModel):
    """A page."""

    items: list[Item]


class New(BaseModel):
    """What a create stores."""

    certificate_no: str
    change: str


COLUMNS = "uscc, name, kind, division, city, county, address, in_business, registered_at, version"
DETAIL = f"""
SELECT {COLUMNS},
    (SELECT max(inspected_on) FROM inspection_record WHERE uscc = enterprise.uscc) AS last_inspected_on,
    (SELECT count(*) FROM certificate WHERE enterprise_uscc = enterprise.uscc) AS certificates,
    (SELECT count(*) FROM sampling_failure WHERE uscc = enterprise.uscc) AS failures
FROM enterprise WHERE uscc = $1
"""


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["PEER_DATABASE_URL"], min_size=15, max_size=15)
    async with app.state.pool.acquire() as connection:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS bare "
            "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, certificate_no text, change text)"
        )
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=_life)


@app.get("/things/{uscc}")
async def read(uscc: str) -> Response:
    """One row as JSON."""
    async with app.state.pool.acquire() as connection:
        row = await connection.fetchrow(DETAIL, uscc)
    return Response(json.dumps(dict(row), default=str), media_type="application/json")


@app.get("/things", response_model=Items)
async def page() -> dict[str, Any]:
    """Fifty rows through the response model."""
    async with app.state.pool.acquire() as connection:
        rows = await connection.fetch(f"SELECT {COLUMNS} FROM enterprise ORDER BY uscc LIMIT 50")
    return {"items": [dict(row) for row in rows]}


@app.post("/things", status_code=201)
async def create(new: New) -> dict[str, int]:
    """One insert."""
    async with app.state.pool.acquire() as connection:
        number = await connection.fetchval(
            "INSERT INTO bare (certificate_no, change) VALUES ($1, $2) RETURNING id", new.certificate_no, new.change
        )
    return {"id": number}
