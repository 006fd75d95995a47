"""A long answer of the database in pieces, so that memory does not grow with it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from asyncpg import Connection

SIZE = 1000


async def batches(connection: Connection, query: str, import_id: UUID) -> AsyncIterator[list[Any]]:
    """The rows of `query`, as they were when it began, a thousand at a time; other statements may run in between."""
    cursor = await connection.cursor(query, import_id)
    while rows := await cursor.fetch(SIZE):
        yield rows
