"""Imports with their files, staged rows and reports, and the published state of the catalogue."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.registry.models.base import Table
from shared.database.session import enum_text, instant


class ImportKind(StrEnum):
    """The kind of list in a file (导入类别)."""

    CERTIFICATES = "certificates"  # 认证证书
    SAMPLING_FAILURES = "sampling-failures"  # 监督抽查不合格名单


class ImportState(StrEnum):
    """The state of an import (导入状态)."""

    RECEIVED = "received"  # 已接收, 等待处理
    CHECKING = "checking"  # 校验中
    REGISTERING = "registering"  # 入库中
    COMPLETED = "completed"  # 完成
    FAILED = "failed"  # 失败, 未作任何更改


OPEN = (ImportState.RECEIVED, ImportState.CHECKING, ImportState.REGISTERING)
"""The states of an import that is not finished."""


class ImportRun(Table, table=True):
    """An import (数据导入) with its counts."""

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_sha256", "sha256", "kind"),
        Index("ix_import_run_open", "id", postgresql_where=text("state IN ('received', 'checking', 'registering')")),
    )
    id: UUID = Field(primary_key=True)
    kind: ImportKind = Field(sa_type=enum_text(ImportKind))
    year: int | None = None
    legacy: bool = False
    state: ImportState = Field(default=ImportState.RECEIVED, sa_type=enum_text(ImportState))
    attempts: int = 0
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
    received_at: datetime = Field(sa_type=instant())
    finished_at: datetime | None = Field(default=None, sa_type=instant())
    imported_by: str


class ImportFile(Table, table=True):
    """A part of a received file, stored until it has been imported."""

    __tablename__ = "import_file"
    import_id: UUID = Field(primary_key=True)
    part_no: int = Field(primary_key=True)
    content: bytes


class ImportRejection(Table, table=True):
    """One validation issue of one row: an error rejects the row, a warning is only reported."""

    __tablename__ = "import_rejection"
    import_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    line: int
    field: str
    heading: str
    value: str
    code: str
    severity: str
    message_zh: str
    message_en: str


class ImportedRow(Table, table=True):
    """A validated row of an import that runs; deleted before the import commits, so an unlogged table is enough."""

    __tablename__ = "imported_row"
    __table_args__ = (
        Index("ix_imported_row_key", "import_id", "key", "line"),
        {"prefixes": ["UNLOGGED"]},
    )
    import_id: UUID = Field(primary_key=True)
    line: int = Field(primary_key=True)
    key: str
    applicant_uscc: str
    uscc: str
    content_hash: str
    status: str | None = None
    reported_on: str
    document: str


class CataloguePublication(Table, table=True):
    """The last published state of a product of the catalogue."""

    __tablename__ = "catalogue_publication"
    code: str = Field(primary_key=True)
    content_hash: str
    catalogue_version: str
    published_at: datetime = Field(sa_type=instant())
