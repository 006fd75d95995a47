"""Imports with their reports, the rows of an import that is under way, and what was told of the catalogue."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.registry.models.base import Table
from shared.db import enum_text, instant


class ImportKind(StrEnum):
    """What a file holds (导入类别)."""

    CERTIFICATES = "certificates"  # 认证证书
    SAMPLING_FAILURES = "sampling-failures"  # 监督抽查不合格名单


class ImportState(StrEnum):
    """How an import ended (导入状态)."""

    COMPLETED = "completed"  # 完成
    FAILED = "failed"  # 失败, 未作任何更改


class ImportRun(Table, table=True):
    """An import (数据导入) with its counts."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_sha256", "sha256", "kind"),)
    id: UUID = Field(primary_key=True)
    kind: ImportKind = Field(sa_type=enum_text(ImportKind))
    year: int | None = None
    legacy: bool = False
    state: ImportState = Field(sa_type=enum_text(ImportState))
    sha256: str
    size_bytes: int = Field(sa_type=BigInteger)
    format: str
    encoding: str | None = None
    rows_total: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_unchanged: int = 0
    rows_duplicated: int = 0
    warnings: int = 0
    enterprises_new: int = 0
    enterprises_changed: int = 0
    ignored_headings: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    failure: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    started_at: datetime = Field(sa_type=instant())
    finished_at: datetime = Field(sa_type=instant())
    imported_by: str


class ImportRejection(Table, table=True):
    """One fault of one row: an error rejected the row, a warning is only told."""

    __tablename__ = "import_rejection"
    import_id: UUID = Field(primary_key=True)
    place: int = Field(primary_key=True)
    line: int
    field: str
    heading: str
    value: str
    code: str
    severity: str
    message_zh: str
    message_en: str


class ImportedRow(Table, table=True):
    """A checked row of an import under way; emptied before the import commits, so nothing is lost with it."""

    __tablename__ = "imported_row"
    __table_args__ = (
        Index("ix_imported_row_key", "import_id", "key", "line"),
        {"prefixes": ["UNLOGGED"]},
    )
    import_id: UUID = Field(primary_key=True)
    line: int = Field(primary_key=True)
    key: str
    holder: str
    uscc: str
    content_hash: str
    status: str | None = None
    recency: str
    document: str


class CataloguePublication(Table, table=True):
    """What the other services were last told of a product of the catalogue."""

    __tablename__ = "catalogue_publication"
    code: str = Field(primary_key=True)
    content_hash: str
    catalogue_version: str
    published_at: datetime = Field(sa_type=instant())
