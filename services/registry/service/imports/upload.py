"""An uploaded file: measured and hashed on the way into the database, stored there in parts until it has been imported."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from asyncpg import Connection
from sqlmodel import col, select

from services.registry.errors import UnsupportedFileType, YearRequired
from services.registry.models import ImportRun
from services.registry.models.imports import ImportKind, ImportState
from services.registry.rules.validation_rules import limit
from services.registry.sheets import CSV, format_of
from shared.core.errors import BodyTooLarge
from shared.core.ids import new_id
from shared.database.session import Session, driver, lock
from shared.security import audit
from shared.security.auth import Caller

_PART_BYTES = 1024 * 1024
_BYTES_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class ImportRequest:
    """What to import: the kind of list, its year where it has one, and whether early 12-digit numbers are accepted."""

    kind: ImportKind
    year: int | None = None
    legacy: bool = False


async def receive(
    session: Session, blocks: AsyncIterator[bytes], content_type: str, request: ImportRequest, *, by: Caller
) -> tuple[ImportRun, bool]:
    """Store a file to be imported; True as second value: the same file was received before, and this is that import.

    Raises:
        YearRequired: a list of failed samplings came without its year.
        UnsupportedFileType: the media type is neither CSV nor XLSX.
        BodyTooLarge: larger than import_limits.json allows.
    """
    if request.kind is ImportKind.SAMPLING_FAILURES and request.year is None:
        raise YearRequired(pointer="query/year")
    file_format = format_of(content_type)
    if file_format is None:
        raise UnsupportedFileType(pointer="header/Content-Type")
    import_id, connection = new_id(), await driver(session)
    sha256, size = await _store(connection, import_id, blocks, limit("upload" if file_format == CSV else "xlsx_upload"))
    await lock(session, f"import {sha256}")
    earlier = await _earlier_import(session, sha256, request)
    if earlier is not None:
        await delete_file(connection, import_id)
        audit.record(session, by, "import.repeated", earlier.id)
        return earlier, True
    run = ImportRun(
        id=import_id,
        kind=request.kind,
        year=request.year,
        legacy=request.legacy,
        sha256=sha256,
        size_bytes=size,
        format=file_format,
        received_at=session.now,
        imported_by=by.subject,
    )
    session.add(run)
    audit.record(session, by, "import.received", run.id, kind=run.kind, sha256=sha256, size=size)
    return run, False


async def _store(connection: Connection, import_id: UUID, blocks: AsyncIterator[bytes], max_bytes: int) -> tuple[str, int]:
    digest, size, part_no, part = hashlib.sha256(), 0, 0, bytearray()
    async for block in blocks:
        size += len(block)
        if size > max_bytes:
            raise BodyTooLarge
        digest.update(block)
        part += block
        if len(part) >= _PART_BYTES:
            await _write_part(connection, import_id, part_no, bytes(part))
            part_no, part = part_no + 1, bytearray()
    await _write_part(connection, import_id, part_no, bytes(part))
    return digest.hexdigest(), size


async def _write_part(connection: Connection, import_id: UUID, part_no: int, content: bytes) -> None:
    query = "INSERT INTO import_file (import_id, part_no, content) VALUES ($1, $2, $3)"
    await connection.execute(query, import_id, part_no, content)


async def _earlier_import(session: Session, sha256: str, request: ImportRequest) -> ImportRun | None:
    same_request = select(ImportRun).where(
        ImportRun.sha256 == sha256,
        ImportRun.kind == request.kind,
        col(ImportRun.year).is_not_distinct_from(request.year),
        ImportRun.legacy == request.legacy,
        ImportRun.state != ImportState.FAILED,
    )
    return (await session.exec(same_request)).first()


@asynccontextmanager
async def stored_file(connection: Connection, import_id: UUID) -> AsyncIterator[IO[bytes]]:
    """The whole file, at its beginning; its temporary copy on disk is gone at the end."""
    with SpooledTemporaryFile(max_size=_BYTES_IN_MEMORY) as file:
        parts = connection.cursor("SELECT content FROM import_file WHERE import_id = $1 ORDER BY part_no", import_id, prefetch=4)
        async for part in parts:
            file.write(part["content"])
        file.seek(0)
        yield file


async def delete_file(connection: Connection, import_id: UUID) -> None:
    """Delete a stored file."""
    await connection.execute("DELETE FROM import_file WHERE import_id = $1", import_id)
