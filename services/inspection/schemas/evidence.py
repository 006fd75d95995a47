"""Bodies about evidence, its custody, and alerts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from services.inspection.schemas.base import Line, RequestBody, ResponseBody, Text
from shared.vocabulary import CertificateStatus, EvidenceKind


class Original(StrEnum):
    """Original or copy (原件或复制件)."""

    ORIGINAL = "original"  # 原件
    VERIFIED_COPY = "verified_copy"  # 与原件核对无误的复制件
    ELECTRONIC_ORIGINAL = "electronic_original"  # 电子数据原始载体


class CustodyStep(StrEnum):
    """A step in the chain of custody after the upload (证据流转)."""

    VERIFIED = "verified"  # 核对
    HANDED_OVER = "handed_over"  # 移交
    RETURNED = "returned"  # 退还
    SEALED = "sealed"  # 封存


class EvidenceMetadata(RequestBody):
    """The metadata of an uploaded file (提取信息)."""

    kind: EvidenceKind
    file_name: Line
    original: Original = Original.ORIGINAL
    captured_at: AwareDatetime | None = None
    captured_by: Line | None = None
    device: Line | None = None
    place: Line | None = None
    method: Line | None = None
    carrier: Line | None = None
    source: Line | None = None
    verified_on: date | None = None
    verified_by: Line | None = None

    def capture(self) -> dict[str, Any]:
        """The metadata of the capture, as stored."""
        values = self.model_dump(mode="json", exclude={"kind", "file_name", "original"})
        return {key: value for key, value in values.items() if value is not None}


class CustodyIn(RequestBody):
    """A step in the chain of custody."""

    model_config = ConfigDict(json_schema_extra={"example": {"event": "handed_over", "to": "证据保管室"}})
    event: CustodyStep
    to: Line | None = None
    note: Text | None = None


class CustodyOut(ResponseBody):
    """A step in the chain of custody."""

    event: str
    by: str
    to: str | None
    note: str | None
    at: datetime


class EvidenceSummary(ResponseBody):
    """A piece of evidence in a list."""

    id: UUID
    inspection_id: UUID
    rectification_id: UUID | None = Field(description="the rectification that it proves (整改证据)")
    no: int
    kind: EvidenceKind
    file_name: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    original: str
    capture: dict[str, Any]
    uploaded_by: str
    uploaded_at: datetime


class EvidenceOut(EvidenceSummary):
    """A piece of evidence with the chain of its custody (证据)."""

    custody: list[CustodyOut] = Field(default_factory=list)


class AcknowledgementIn(RequestBody):
    """How an alert was dealt with (提醒处理)."""

    model_config = ConfigDict(json_schema_extra={"example": {"note": "已告知检查组，按暂停状态核查"}})
    note: Text


class AlertOut(ResponseBody):
    """A change of a certificate's status while the inspection was open (提醒)."""

    id: UUID
    inspection_id: UUID
    kind: str
    certificate_no: str
    status: CertificateStatus
    change: str | None
    effective_on: date
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    note: str | None
