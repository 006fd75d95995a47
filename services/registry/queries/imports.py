"""Imports and their reports."""

import codecs
import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col

from services.registry.models import ImportRejection, ImportRun
from services.registry.schemas.imports import ImportOut, RejectionOut
from shared.core.errors import NotFound
from shared.database.prepared import prepared
from shared.database.session import Database, ReadSession, reading

_RUN_COLUMNS = [col(getattr(ImportRun, name)) for name in ImportOut.model_fields if name in ImportRun.model_fields]
_REJECTION_COLUMNS = [col(getattr(ImportRejection, name)) for name in RejectionOut.model_fields]


@prepared
def imports(import_id: UUID | None = None) -> Select[Any]:
    """Every import, or one."""
    rows = select(*_RUN_COLUMNS)
    return rows if import_id is None else rows.where(col(ImportRun.id) == import_id)


@prepared
def rejections(import_id: UUID, severity: str | None) -> Select[Any]:
    """The report of one import."""
    return _rejections(import_id, severity)


def _rejections(import_id: UUID, severity: str | None) -> Select[Any]:
    rows = select(*_REJECTION_COLUMNS).where(col(ImportRejection.import_id) == import_id)
    return rows.where(col(ImportRejection.severity) == severity) if severity is not None else rows


async def require_import(session: ReadSession, import_id: UUID) -> None:
    """Require that there is such an import.

    Raises:
        NotFound: there is none.
    """
    if await session.get(ImportRun, import_id) is None:
        raise NotFound


_HEADINGS = {
    "line": "行号",
    "heading": "列名",
    "value": "原值",
    "code": "规则代码",
    "severity": "级别",
    "message_zh": "原因",
    "message_en": "Reason",
}
_CHUNK_ROWS = 5000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def report_csv(database: Database, import_id: UUID, severity: str | None) -> AsyncIterator[bytes]:
    """The report as CSV for a spreadsheet: UTF-8 with byte order mark, and no cell that a spreadsheet would compute.

    It is read while it is sent, after the session of the request has ended: hence one of its own.
    """
    yield codecs.BOM_UTF8 + _csv([_HEADINGS.values()])
    rows = _rejections(import_id, severity).order_by(col(ImportRejection.no)).limit(_CHUNK_ROWS)
    last = 0
    async with reading(database) as session:
        while chunk := (await session.execute(rows.where(col(ImportRejection.no) > last))).all():
            yield _csv([_escaped(str(getattr(row, name))) for name in _HEADINGS] for row in chunk)
            last = chunk[-1].no


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _escaped(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
