"""Evidence and the chain of its custody; the files themselves are in the evidence store."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.inspection.models.base import Table
from shared.core.ids import new_id
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import EvidenceKind


class Evidence(Table, table=True):
    """One file with its digests and the metadata of its capture (证据); `rectification_id`: it proves a rectification."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("inspection_id", "no"), Index(None, "rectification_id"), {"info": APPEND_ONLY})
    id: UUID = Field(default_factory=new_id, primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    rectification_id: UUID | None = Field(default=None, foreign_key="rectification.id")
    no: int
    kind: EvidenceKind = Field(sa_type=enum_text(EvidenceKind))
    file_name: str
    file_type: str
    media_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: str
    sm3: str
    original: str
    capture: dict[str, Any] = Field(sa_type=JSONB)
    uploaded_by: str
    uploaded_at: datetime = Field(sa_type=instant())


class CustodyEvent(Table, table=True):
    """One step in the chain of custody of a piece of evidence (证据流转)."""

    __tablename__ = "custody_event"
    __table_args__ = (Index(None, "evidence_id"), {"info": APPEND_ONLY})
    id: UUID = Field(default_factory=new_id, primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id")
    event: str
    by: str
    to: str | None = None
    note: str | None = None
    at: datetime = Field(sa_type=instant())
