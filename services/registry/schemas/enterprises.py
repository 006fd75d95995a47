"""Bodies about enterprises and failed samplings."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.vocabulary import ObjectKind, PriorityGroup

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class EnterpriseOut(BaseModel):
    """An enterprise (企业)."""

    uscc: str = Field(description="统一社会信用代码", examples=["91350100MA00000155"])
    name: str
    kind: ObjectKind
    division: str = Field(description="行政区划代码, present address", examples=["350102"])
    city: str = Field(examples=["3501"])
    county: str
    address: str
    in_business: bool
    registered_at: datetime
    version: int


class EnterpriseDetail(EnterpriseOut):
    """An enterprise with its last inspection and the numbers of its certificates and failed samplings."""

    last_inspected_on: date | None = Field(description="最近一次被检查日期")
    certificates: int = Field(description="number of certificates of which it is the inspected enterprise")
    failures: int = Field(description="number of failed samplings")


class EnterpriseEdit(BaseModel):
    """A correction; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Text = ""
    address: Text = ""
    division: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")] = ""
    in_business: bool = True

    @model_validator(mode="after")
    def _require_a_change(self) -> "EnterpriseEdit":
        if not self.model_fields_set:
            raise ValueError("nothing to correct")
        return self


class SamplingFailureOut(BaseModel):
    """A product that failed a quality sampling (监督抽查不合格)."""

    failure_id: UUID
    sampling_no: str
    year: int
    level: str | None
    uscc: str
    name: str
    kind: ObjectKind
    city: str
    county: str
    producer_name: str | None
    product_name: str
    product_category_code: str | None
    model: str | None
    batch: str | None
    failed_items: list[str]
    reported_on: date | None


class EnterpriseFilter(BaseModel):
    """Filters of enterprises; all that are given must match."""

    name: str | None = Field(default=None, min_length=1, max_length=100, description="part of the name 企业名称")
    uscc: str | None = Field(default=None, max_length=18, description="统一社会信用代码")
    city: str | None = Field(default=None, max_length=6, description="acting prefecture-level unit 设区市")
    county: str | None = Field(default=None, max_length=6)
    kind: ObjectKind | None = None
    priority_group: PriorityGroup | None = Field(default=None, description="holds a certificate of this group 重点产品")


class FailureFilter(BaseModel):
    """Filters of failed samplings."""

    year: int | None = Field(default=None, ge=2000, le=2100, description="抽查年度")
    uscc: str | None = Field(default=None, max_length=18)
    city: str | None = Field(default=None, max_length=6)
