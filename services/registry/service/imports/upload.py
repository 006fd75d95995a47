"""An uploaded file: measured and hashed on the way into the database, where it waits for its turn."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Connection
from sqlmodel import col, select

from services.registry.errors import UnsupportedFileType, YearRequired
from services.registry.models import ImportRun
from services.registry.models.imports import ImportKind, ImportState
from services.registry.rules.validation_rules import limit
from services.registry.service.imports.file import forget_file, write_part
from services.registry.sheets import CSV, format_of
from shared.core.errors import BodyTooLarge
from shared.core.ids import new_id
from shared.database.session import Session, driver, lock
from shared.security import audit
from shared.security.auth import Caller

_PART = 1024 * 1024


@dataclass(frozen=True)
class Request:
    """What is asked: the kind of list, its year where it has one, and whether early 12-digit numbers are let in."""

    kind: ImportKind
    year: int | None = None
    legacy: bool = False


async def receive(
    session: Session, blocks: AsyncIterator[bytes], content_type: str, request: Request, *, by: Caller
) -> tuple[ImportRun, bool]:
    """Take in a file to be imported; the second value tells whether it was received before, and this is that import.

    Raises:
        YearRequired: a list of failed samplings came without its year.
        UnsupportedFileType: neither CSV nor XLSX is announced.
        BodyTooLarge: larger than import_limits.json allows.
    """
    if request.kind is ImportKind.SAMPLING_FAILURES and request.year is None:
        raise YearRequired(pointer="query/year")
    kind = format_of(content_type)
    if kind is None:
        raise UnsupportedFileType(pointer="header/Content-Type")
    import_id, connection = new_id(), await driver(session)
    sha256, size = await _keep(connection, import_id, blocks, limit("upload" if kind == CSV else "xlsx_upload"))
    await lock(session, f"import {sha256}")
    earlier = await _earlier(session, sha256, request)
    if earlier is not None:
        await forget_file(connection, import_id)
        audit.record(session, by, "import.repeated", earlier.id)
        return earlier, True
    run = ImportRun(
        id=import_id,
        kind=request.kind,
        year=request.year,
        legacy=request.legacy,
        sha256=sha256,
        size_bytes=size,
        format=kind,
        received_at=session.now,
        imported_by=by.subject,
    )
    session.add(run)
    audit.record(session, by, "import.received", run.id, kind=run.kind, sha256=sha256, size=size)
    return run, False


async def _keep(connection: Connection, import_id: UUID, blocks: AsyncIterator[bytes], most: int) -> tuple[str, int]:
    digest, size, place, part = hashlib.sha256(), 0, 0, bytearray()
    async for block in blocks:
        size += len(block)
        if size > most:
            raise BodyTooLarge
        digest.update(block)
        part += block
        if len(part) >= _PART:
            await write_part(connection, import_id, place, bytes(part))
            place, part = place + 1, bytearray()
    await write_part(connection, import_id, place, bytes(part))
    return digest.hexdigest(), size


async def _earlier(session: Session, sha256: str, request: Request) -> ImportRun | None:
    same = select(ImportRun).where(
        ImportRun.sha256 == sha256,
        ImportRun.kind == request.kind,
        col(ImportRun.year).is_not_distinct_from(request.year),
        ImportRun.legacy == request.legacy,
        ImportRun.state != ImportState.FAILED,
    )
    return (await session.exec(same)).first()
