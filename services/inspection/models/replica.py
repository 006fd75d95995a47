"""The replica of the other services' data, and the alerts that their changes raise."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.inspection.models.base import Table
from shared.core.ids import new_id
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import CertificateStatus


class Campaign(Table, table=True):
    """A campaign as the documents print it, with its checklist version and, once it has ended, the day."""

    __tablename__ = "campaign"
    id: UUID = Field(primary_key=True)
    title: str
    document_no: str
    issuer: str
    checklist_version: str | None = None
    closed_on: date | None = None


class Certificate(Table, table=True):
    """The columns of a certificate that a finding needs, in its newest edition."""

    __tablename__ = "certificate"
    certificate_no: str = Field(primary_key=True)
    body_code: str
    body_name: str
    product_category_code: str
    expires_on: date


class CertificateStatusEntry(Table, table=True):
    """One entry of a certificate's history; `sequence` is the registry's own for this certificate."""

    __tablename__ = "certificate_status_entry"
    __table_args__ = ({"info": APPEND_ONLY},)
    certificate_no: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    status: CertificateStatus = Field(sa_type=enum_text(CertificateStatus))
    effective_on: date
    change: str | None = None
    reason_code: str | None = None
    affected_models: list[str] = Field(sa_type=JSONB)


class CatalogueItem(Table, table=True):
    """A product of the CCC catalogue; certification is mandatory from `mandatory_from`, to `valid_to` where it was taken out."""

    __tablename__ = "catalogue_item"
    product_category_code: str = Field(primary_key=True)
    mandatory_from: date | None = None
    valid_to: date | None = None
    announcement: str


class AssignedExpert(Table, table=True):
    """An expert assigned to an assignment (调派), whether or not it has a team yet."""

    __tablename__ = "assigned_expert"
    assignment_id: UUID = Field(primary_key=True)
    expert_id: str = Field(primary_key=True)
    expert: dict[str, Any] = Field(sa_type=JSONB)


class Alert(Table, table=True):
    """A change of a certificate's status while an inspection was open (提醒)."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("inspection_id", "certificate_no", "sequence"), Index(None, "inspection_id"))
    id: UUID = Field(default_factory=new_id, primary_key=True)
    inspection_id: UUID = Field(foreign_key="inspection.id")
    kind: str
    certificate_no: str
    sequence: int
    status: CertificateStatus = Field(sa_type=enum_text(CertificateStatus))
    change: str | None = None
    effective_on: date
    raised_at: datetime = Field(sa_type=instant())
    acknowledged_at: datetime | None = Field(default=None, sa_type=instant())
    acknowledged_by: str | None = None
    note: str | None = None
