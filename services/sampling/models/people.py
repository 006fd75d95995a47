"""The inspector library, the expert library and the register of conflicts (检查人员名录库, 专家库, 利益冲突)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.sampling.models.base import Table
from shared.core.ids import new_id
from shared.database.session import enum_text, instant
from shared.vocabulary import RecusalReason


class Inspector(Table, table=True):
    """An inspector (检查人员). `fields` are catalogue classes, `*` is all; `leaves` are periods {"from", "to"} of days."""

    __tablename__ = "inspector"

    inspector_id: str = Field(primary_key=True)
    name: str
    org: str
    city: str = Field(index=True)
    county: str | None = None
    law_enforcement_no: str
    certificate_from: date
    certificate_to: date
    qualified: bool
    active: bool
    fields: list[str] = Field(sa_type=JSONB)
    workload_cap: int
    leaves: list[dict[str, Any]] = Field(sa_type=JSONB)
    version: int = 1


class Expert(Table, table=True):
    """A technical expert (技术专家); never counted in a team."""

    __tablename__ = "expert"

    expert_id: str = Field(primary_key=True)
    name: str
    employer: str
    title: str
    fields: list[str] = Field(sa_type=JSONB)
    active: bool


class Conflict(Table, table=True):
    """A relation of a person to an organisation that may affect fairness (利益冲突登记)."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("person", "uscc"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person: str
    uscc: str
    reason: RecusalReason = Field(sa_type=enum_text(RecusalReason))
    detail: str
    declared_by: str
    declared_at: datetime = Field(sa_type=instant())
