"""Bodies about reference data."""

from datetime import date

from pydantic import BaseModel, Field

from shared.vocabulary import PriorityGroup


class ReferenceList(BaseModel):
    """Entries of a data file with its version (基础数据)."""

    title_zh: str
    title_en: str
    version: str
    source: str
    items: list[dict[str, object]]


class DivisionOut(BaseModel):
    """A division code, and the one that it means on the day of the query (行政区划)."""

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str | None
    city: str | None = Field(description="prefecture-level unit that acts there")
    valid_from: date | None
    valid_to: date | None
    on: date
    current: str = Field(description="the code itself, or its successor on that day")
    current_name_zh: str


class BodyOut(BaseModel):
    """A certification body (认证机构)."""

    number_code: str | None
    cnca_no: str | None
    name: str


class CatalogueItemOut(BaseModel):
    """A product of the catalogue with its obligation on the day of the query (目录产品)."""

    code: str
    name_zh: str
    name_en: str
    priority_group: PriorityGroup | None
    acceptance_from: date | None
    mandatory_from: date | None
    announcement: str
    on: date
    in_catalogue: bool
    obligated: bool = Field(description="是否已强制")
    advice_only: bool = Field(description="between acceptance and obligation: a finding is advice 实施过渡期")


class PublicationOut(BaseModel):
    """How many catalogue entries were published."""

    version: str
    published: int
    unchanged: int
