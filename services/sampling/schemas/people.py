"""Bodies of the inspector and expert libraries and of the register of conflicts."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.sampling.schemas.base import Body, City, County, Day, Org, PersonId, ProductClass, Remark, Text, Uscc
from shared.vocabulary import RecusalReason


class Leave(Body):
    """A period of absence, both days included (休假)."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "Leave":
        if self.first > self.last:
            raise ValueError("from is not after to")
        return self


class InspectorFields(Body):
    """What the library holds of an inspector, his id aside (检查人员信息)."""

    name: Text
    org: Org = Field(description="the bureau that employs him: a city or a county of it")
    city: City
    county: County | None = None
    law_enforcement_no: Text = Field(description="行政执法证号")
    certificate_from: Day
    certificate_to: Day
    qualified: bool = Field(default=True, description="has the qualification for administrative inspection (行政检查资格)")
    active: bool = True
    fields: Annotated[list[ProductClass], Field(min_length=1, max_length=50)] = Field(description="catalogue classes; * is all")
    workload_cap: Annotated[int, Field(ge=0, le=1000)] = 4
    leaves: Annotated[list[Leave], Field(max_length=50)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _in_one_place(self) -> "InspectorFields":
        if self.county is not None and not self.county.startswith(self.city):
            raise ValueError("the county belongs to the city")
        if self.org not in (self.city, self.county):
            raise ValueError("org is the city or the county")
        if self.certificate_from > self.certificate_to:
            raise ValueError("certificate_from is not after certificate_to")
        return self


class InspectorIn(InspectorFields):
    """An inspector to be entered (检查人员)."""

    inspector_id: PersonId


class InspectorsIn(Body):
    """A list of inspectors, entered as a whole or not at all (检查人员批量入库)."""

    inspectors: Annotated[list[InspectorIn], Field(min_length=1, max_length=500)]


class InspectorOut(BaseModel):
    """An inspector (检查人员)."""

    inspector_id: str
    name: str
    org: str
    city: str
    county: str | None
    law_enforcement_no: str
    certificate_from: date
    certificate_to: date
    qualified: bool
    active: bool
    fields: list[str]
    workload_cap: int
    leaves: list[Leave]
    version: int


class ExpertIn(Body):
    """An expert to be entered (专家)."""

    expert_id: PersonId
    name: Text
    employer: Text
    title: Text
    fields: Annotated[list[ProductClass], Field(min_length=1, max_length=50)]
    active: bool = True


class ExpertsIn(Body):
    """A list of experts (专家批量入库)."""

    experts: Annotated[list[ExpertIn], Field(min_length=1, max_length=500)]


class ExpertOut(BaseModel):
    """An expert (专家)."""

    expert_id: str
    name: str
    employer: str
    title: str
    fields: list[str]
    active: bool


class Entered(BaseModel):
    """How many were entered (入库数)."""

    count: int


class ConflictIn(Body):
    """A relation that may affect fairness (利益冲突)."""

    person: PersonId
    uscc: Uscc
    reason: RecusalReason
    detail: Remark = ""


class ConflictOut(BaseModel):
    """A registered conflict (利益冲突登记)."""

    id: UUID
    person: str
    uscc: str
    reason: RecusalReason
    detail: str
    declared_by: str
    declared_at: datetime


class ObjectOut(BaseModel):
    """An organisation of the object library (检查对象)."""

    uscc: str
    name: str
    kind: str
    city: str
    county: str
    in_business: bool
    certificates: int


class Counts(BaseModel):
    """What the object library holds (名录库数量)."""

    organisations: int
    certificates: int
    failures: int
