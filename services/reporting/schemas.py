"""Request and response bodies of reporting."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.reporting.rules.enums import DisclosureKind, Round, RowKind, SummaryState
from shared.vocabulary import DisclosureStatus

City = Field(
    pattern=r"^\d{4}(\d{2})?$",
    description="prefecture-level unit (设区市): four digits, six where a county by code acts as one",
    examples=["3501"],
)
_CAMPAIGN = "0192a5e0-0000-7000-8000-000000000215"


class Body(BaseModel):
    """A request body; unknown members are an error."""

    model_config = ConfigDict(extra="forbid")


class CampaignOut(BaseModel):
    """A published campaign (专项检查)."""

    campaign_id: UUID
    code: str
    document_no: str | None
    title: str | None
    issuer: str | None
    window_from: date | None
    window_to: date | None
    interim_cutoff_on: date | None
    final_from: date | None
    embargo_until: date | None
    participating_cities: list[str] | None
    closed_on: date | None


class RoundOut(BaseModel):
    """A report round and its days (报告轮次)."""

    round: Round
    opens_on: date
    cut_off: date = Field(description="events up to this day are in the round")
    city_due_on: date = Field(description="deadline K04")
    province_due_on: date


class FormRow(BaseModel):
    """A row of a form: its keys are those of the form's data file."""

    model_config = ConfigDict(extra="allow")


class HistoryOut(BaseModel):
    """An event in the history of a finding (履历)."""

    kind: str = Field(description="name of the event")
    at: datetime
    content: dict[str, Any]


class FindingOut(FormRow):
    """A finding's row in the ledger with its history (台账)."""

    finding_id: UUID
    history: list[HistoryOut]


class SummaryIn(Body):
    """A city's summary: its texts beside the figures (汇总填报)."""

    campaign_id: UUID = Field(examples=[_CAMPAIGN])
    round: Round = Field(examples=["interim"])
    city: str = City
    problems: str = Field(default="", max_length=10_000, examples=["部分企业未及时办理证书变更。"])
    recommendations: str = Field(default="", max_length=10_000, examples=["加强获证后跟踪检查。"])


class MergedIn(Body):
    """The province's summary: its texts beside the merged figures (全省汇总)."""

    campaign_id: UUID = Field(examples=[_CAMPAIGN])
    round: Round = Field(examples=["interim"])
    problems: str = Field(default="", max_length=10_000, examples=["共性问题：证书变更不及时。"])
    recommendations: str = Field(default="", max_length=10_000, examples=["建议开展专项帮扶。"])


class GroundIn(Body):
    """A reason (理由)."""

    ground: str = Field(min_length=1, max_length=2_000, examples=["附件4缺少货值。"])


class FigureOut(BaseModel):
    """One figure (指标). A ratio is [numerator, denominator], null when the denominator would be 0."""

    key: str
    section: str
    name_zh: str
    name_en: str
    unit: str = Field(description="count, ratio or fen")
    value: int | list[int] | None
    breakdowns: dict[str, dict[str, int | list[int] | None]]


class SummaryHead(BaseModel):
    """A summary without its figures (汇总报告)."""

    summary_id: UUID
    campaign_id: UUID
    round: Round
    city: str | None = Field(description="null: the whole province")
    attempt: int
    state: SummaryState
    as_of: date = Field(description="events up to this day are counted")
    due_on: date
    digest: str = Field(description="SHA-256 of the canonical document")
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_on: date | None
    late: bool = Field(description="submitted after the due day (K04)")
    decided_by: str | None
    decided_on: date | None
    return_ground: str | None


class SummaryOut(SummaryHead):
    """A summary with its figures (汇总报告)."""

    problems: str
    recommendations: str
    figures: list[FigureOut]
    parts: list[UUID] = Field(description="the accepted city summaries that a provincial one is merged from")


class CountedRow(BaseModel):
    """One row that a figure counts (明细)."""

    row_id: str
    kind: RowKind
    label: str
    city: str | None
    county: str | None
    priority_group: str | None
    body: str | None
    amount_fen: int | None


class AssessedCity(BaseModel):
    """The assessment figures of one city (考核指标)."""

    city: str
    city_zh: str
    figures: dict[str, int | list[int] | None]


class Assessment(BaseModel):
    """The assessment figures of the cities within the caller's jurisdiction."""

    items: list[AssessedCity]


class Rounds(BaseModel):
    """The rounds of a campaign."""

    items: list[RoundOut]


class DisclosureIn(Body):
    """A disclosure to be drafted (公示起草)."""

    campaign_id: UUID = Field(examples=[_CAMPAIGN])
    kind: DisclosureKind = Field(examples=["result"])
    city: str | None = Field(default=None, pattern=r"^\d{4}(\d{2})?$", description="null: the whole province", examples=["3501"])
    round: Round | None = Field(default=None, description="for statistics", examples=[None])
    case_id: UUID | None = Field(default=None, description="for a penalty: the case decided (案件)", examples=[None])


class DisclosureHead(BaseModel):
    """A disclosure without its items (公示)."""

    disclosure_id: UUID
    campaign_id: UUID
    kind: DisclosureKind
    round: Round | None
    city: str | None
    state: DisclosureStatus
    edition: int
    digest: str = Field(description="SHA-256 over the canonical JSON of the items")
    drafted_by: str
    drafted_at: datetime
    reviewed_by: str | None
    approved_by: str | None
    published_at: datetime | None
    expires_on: date | None
    withdrawn_on: date | None
    withdrawal_ground: str | None
    case_id: UUID | None
    corrects: UUID | None = Field(description="the publication that this edition corrects (被更正的公示)")
    correction_ground: str | None


class DisclosureOut(DisclosureHead):
    """A disclosure with its items (公示内容)."""

    items: list[dict[str, Any]]


class PublicHead(BaseModel):
    """A disclosure as the public sees it in the list: nobody's name is in it."""

    disclosure_id: UUID
    kind: DisclosureKind
    city: str | None
    edition: int
    digest: str
    published_at: datetime
    corrects: UUID | None = Field(description="the earlier publication that this one corrects (被更正的公示)")


class PublicOut(PublicHead):
    """A disclosure as the public reads it."""

    items: list[dict[str, Any]]
