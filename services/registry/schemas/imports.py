"""Bodies about imports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.models.imports import ImportKind, ImportState

Severity = Literal["error", "warning", "flag"]


class FileFailure(BaseModel):
    """Why a whole file could not be imported; nothing was changed."""

    code: str
    title_zh: str
    title_en: str
    detail: str


class ImportOut(BaseModel):
    """An import (数据导入) with its counts; rows_accepted = new + changed + unchanged + duplicated.

    While it runs the counts are those so far; none of its rows is in the registry before it is completed.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: ImportKind
    year: int | None
    legacy: bool
    state: ImportState
    sha256: str = Field(description="of the file 文件哈希")
    size_bytes: int
    format: str
    encoding: str | None
    rows_total: int
    rows_accepted: int
    rows_rejected: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_duplicated: int
    warnings: int
    enterprises_new: int
    enterprises_changed: int
    ignored_headings: list[str]
    failure: FileFailure | None
    received_at: datetime
    finished_at: datetime | None
    imported_by: str
    repeated: bool = Field(default=False, description="the same file had been received; this is that import 重复导入")


class RejectionOut(BaseModel):
    """One validation issue of one row (校验未通过). An error rejects the row; a warning or flag keeps it."""

    no: int = Field(description="running number in the report")
    line: int = Field(description="row of the sheet, the heading is 1 行号")
    field: str
    heading: str = Field(description="official heading of the column 列名")
    value: str
    code: str
    severity: Severity
    message_zh: str
    message_en: str
