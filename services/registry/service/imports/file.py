"""A received file in the database: written in parts, read back into a temporary file, deleted when it has been imported."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from asyncpg import Connection

_IN_MEMORY = 4 * 1024 * 1024


async def write_part(connection: Connection, import_id: UUID, place: int, content: bytes) -> None:
    """Keep the next piece of a file."""
    await connection.execute("INSERT INTO import_file (import_id, place, content) VALUES ($1, $2, $3)", import_id, place, content)


@asynccontextmanager
async def kept_file(connection: Connection, import_id: UUID) -> AsyncIterator[IO[bytes]]:
    """The whole file, at its beginning; its copy on disk is gone at the end."""
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        parts = connection.cursor("SELECT content FROM import_file WHERE import_id = $1 ORDER BY place", import_id, prefetch=4)
        async for part in parts:
            file.write(part["content"])
        file.seek(0)
        yield file


async def forget_file(connection: Connection, import_id: UUID) -> None:
    """Delete a file."""
    await connection.execute("DELETE FROM import_file WHERE import_id = $1", import_id)
