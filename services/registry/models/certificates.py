"""Certificates and self-declarations, their editions, and the append-only history of their status."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.registry.models.base import Table
from shared.database.session import APPEND_ONLY, enum_text, instant
from shared.vocabulary import CertificateRoute, CertificateStatus, PriorityGroup, StatusEvent


class Certificate(Table, table=True):
    """A certificate (认证证书) or self-declaration (自我声明) as of now; its editions and events are in the other tables."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_city", "city", "county", "certificate_no"),
        Index("ix_certificate_enterprise_uscc", "enterprise_uscc"),
        Index("ix_certificate_body", "body_code", "certificate_no"),
        Index("ix_certificate_priority_group", "priority_group", "certificate_no"),
        Index("ix_certificate_party_usccs", "party_usccs", postgresql_using="gin"),
        Index("ix_certificate_party_names", "party_names", postgresql_using="gin"),
    )
    certificate_no: str = Field(primary_key=True)
    edition: str
    route: CertificateRoute = Field(sa_type=enum_text(CertificateRoute))
    status: CertificateStatus = Field(sa_type=enum_text(CertificateStatus))
    status_since: date
    status_reason_code: str | None = None
    suspend_until: date | None = None
    first_issued_on: date
    issued_on: date
    expires_on: date
    reported_on: date | None = None
    body_code: str
    body_name: str
    body_cnca_no: str | None = None
    product_category_code: str
    product_category_name: str | None = None
    priority_group: PriorityGroup | None = Field(default=None, sa_type=enum_text(PriorityGroup))
    product_name_main: str | None = None
    product_name: str
    models: list[str] = Field(sa_type=ARRAY(Text))
    standards: list[str] = Field(sa_type=ARRAY(Text))
    rule_no: str | None = None
    cert_mode: list[str] = Field(sa_type=ARRAY(Text))
    applicant: dict[str, Any] = Field(sa_type=JSONB)
    manufacturer: dict[str, Any] = Field(sa_type=JSONB)
    factory: dict[str, Any] = Field(sa_type=JSONB)
    party_usccs: list[str] = Field(sa_type=ARRAY(Text))
    party_names: list[str] = Field(sa_type=ARRAY(Text))
    enterprise_uscc: str
    city: str
    county: str
    annual_check_url: str | None = None
    suspect_misuse: bool = False
    source: str
    source_hash: str | None = None
    content_hash: str
    imported_at: datetime = Field(sa_type=instant())


class CertificateEdition(Table, table=True):
    """The content of a certificate in one edition (证书版本): never changed, so that a past day keeps its own content."""

    __tablename__ = "certificate_edition"
    __table_args__ = (UniqueConstraint("certificate_no", "edition", "content_hash"), {"info": APPEND_ONLY})
    id: UUID = Field(primary_key=True)
    certificate_no: str
    edition: str
    issued_on: date
    expires_on: date
    content: dict[str, Any] = Field(sa_type=JSONB)
    content_hash: str
    recorded_at: datetime = Field(sa_type=instant())


class CertificateEvent(Table, table=True):
    """One status event of a certificate; `sequence` is the order in which the events took effect.

    `status` is that of the whole certificate, or with `affected_models` that of these models alone. `expires_on` is set where
    the event gave the certificate a new last day.
    """

    __tablename__ = "certificate_event"
    __table_args__ = (UniqueConstraint("certificate_no", "sequence"), {"info": APPEND_ONLY})
    id: UUID = Field(primary_key=True)
    certificate_no: str
    sequence: int
    change: StatusEvent = Field(sa_type=enum_text(StatusEvent))
    status: CertificateStatus = Field(sa_type=enum_text(CertificateStatus))
    effective_on: date
    published_on: date | None = None
    reason_code: str | None = None
    suspend_until: date | None = None
    affected_models: list[str] = Field(sa_type=ARRAY(Text))
    expires_on: date | None = None
    edition: str | None = None
    declaration_no: str | None = None
    explanation: str | None = None
    source: str
    recorded_by: str
    recorded_at: datetime = Field(sa_type=instant())
