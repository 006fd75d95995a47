"""The object library (检查对象名录库): copies of the registry's facts that a frame is made from."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.sampling.models.base import Table
from shared.database.session import enum_text
from shared.vocabulary import CertificateStatus, ObjectKind, PriorityGroup


class Organisation(Table, table=True):
    """An organisation that may be inspected (检查对象)."""

    __tablename__ = "organisation"

    uscc: str = Field(primary_key=True)
    name: str
    kind: ObjectKind = Field(sa_type=enum_text(ObjectKind))
    city: str = Field(index=True)
    county: str
    address: str
    in_business: bool


class Certificate(Table, table=True):
    """A certificate of an organisation (认证证书), as its newest edition stands."""

    __tablename__ = "certificate"

    certificate_no: str = Field(primary_key=True)
    organisation_uscc: str | None = Field(index=True)
    status: CertificateStatus = Field(sa_type=enum_text(CertificateStatus))
    status_since: date
    expires_on: date
    product_category_code: str
    product_name: str
    models: list[str] = Field(sa_type=JSONB)
    priority_group: PriorityGroup | None = Field(sa_type=enum_text(PriorityGroup))
    body_code: str
    body_name: str


class SamplingFailure(Table, table=True):
    """A failed product-quality sampling (监督抽查不合格)."""

    __tablename__ = "sampling_failure"

    failure_id: UUID = Field(primary_key=True)
    year: int
    uscc: str = Field(index=True)
    level: str | None = None


class PastInspection(Table, table=True):
    """A completed inspection (已完成检查): no second one for the same item this year, no same inspector for some years."""

    __tablename__ = "past_inspection"

    inspection_id: UUID = Field(primary_key=True)
    uscc: str = Field(index=True)
    inspected_on: date
    inspectors: list[str] = Field(sa_type=JSONB)
