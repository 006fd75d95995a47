"""Enterprises that hold certificates or trade in certified products, their inspections and failed samplings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from services.registry.models.base import Table
from shared.database.session import enum_text, instant
from shared.vocabulary import InspectionResult, ObjectKind


class Enterprise(Table, table=True):
    """An enterprise of the province (企业), by its unified social credit code."""

    __tablename__ = "enterprise"
    __table_args__ = (
        Index("ix_enterprise_city", "city", "county", "uscc"),
        Index("ix_enterprise_name", text("bigrams(name)"), postgresql_using="gin"),
    )
    uscc: str = Field(primary_key=True)
    name: str
    kind: ObjectKind = Field(sa_type=enum_text(ObjectKind))
    division: str
    city: str
    county: str
    address: str
    in_business: bool = True
    registered_at: datetime = Field(sa_type=instant())
    version: int = 1


class PartyName(Table, table=True):
    """A name of a party of some certificate; found by any part of it through its pairs of characters."""

    __tablename__ = "party_name"
    __table_args__ = (Index("ix_party_name_bigrams", text("bigrams(name)"), postgresql_using="gin"),)
    name: str = Field(primary_key=True)


class InspectionRecord(Table, table=True):
    """An inspection of an enterprise, from the event InspectionCompleted; stored even before the enterprise is registered."""

    __tablename__ = "inspection_record"
    __table_args__ = (Index("ix_inspection_record_uscc", "uscc", "inspected_on"),)
    inspection_id: UUID = Field(primary_key=True)
    uscc: str
    campaign_id: UUID
    inspected_on: date
    result: InspectionResult = Field(sa_type=enum_text(InspectionResult))


class SamplingFailure(Table, table=True):
    """A product that failed a provincial quality sampling (监督抽查不合格)."""

    __tablename__ = "sampling_failure"
    __table_args__ = (
        UniqueConstraint("year", "sampling_no"),
        Index("ix_sampling_failure_uscc", "uscc"),
        Index("ix_sampling_failure_city", "city", "county"),
    )
    failure_id: UUID = Field(primary_key=True)
    sampling_no: str
    year: int
    level: str | None = None
    uscc: str
    name: str
    kind: ObjectKind = Field(sa_type=enum_text(ObjectKind))
    division: str
    city: str
    county: str
    address: str
    producer_name: str | None = None
    product_name: str
    product_category_code: str | None = None
    model: str | None = None
    batch: str | None = None
    failed_items: list[str] = Field(sa_type=ARRAY(Text))
    tested_by: str | None = None
    reported_on: date | None = None
    closed: str | None = None
    content_hash: str
    import_id: UUID
