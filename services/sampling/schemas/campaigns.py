"""Bodies of campaigns."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.sampling.rules import reference_data, sampling_frames
from services.sampling.schemas.base import Body, City, Day, Text
from shared.vocabulary import CampaignState, PriorityGroup

Count = Annotated[int, Field(ge=1, le=100_000)]
Multiplier = Annotated[int, Field(ge=1, le=1000)]


def _round(code: str, key: str) -> date:
    return next(date.fromisoformat(one[key]) for one in reference_data.parameter("report_rounds") if one["code"] == code)


class CampaignIn(Body):
    """A campaign to be planned (专项检查方案); what is left out is as the notice says."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"code": "CCC-2024-215", "planned_sample": 100, "embargo_until": "2024-12-01"}},
    )

    code: Annotated[str, Field(pattern=r"^[0-9A-Z][0-9A-Z-]{2,31}$", description="begins the numbers of tasks (任务编号前缀)")]
    document_no: Text = Field(default_factory=lambda: reference_data.parameter("campaign_code"), description="文号")
    title: Text = Field(default_factory=lambda: reference_data.parameter("title_zh"), description="任务名称")
    window_from: Day = Field(default_factory=lambda: date.fromisoformat(reference_data.parameter("window_from")))
    window_to: Day = Field(default_factory=lambda: date.fromisoformat(reference_data.parameter("window_to")))
    interim_cutoff_on: Day = Field(default_factory=lambda: _round("interim", "cut_off"))
    final_from: Day = Field(
        default_factory=lambda: _round("final", "cut_off"), description="from this day the final report is made"
    )
    embargo_until: Day = Field(
        default_factory=lambda: date.fromisoformat(reference_data.parameter("window_to")),
        description="names are public from this day (保密期止)",
    )
    checklist_version: Text = "2024-08-01"
    planned_sample: Count = Field(default_factory=lambda: reference_data.parameter("planned_sample"))
    minimum_ratio: Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(min_length=2, max_length=2)] = Field(
        default_factory=lambda: reference_data.parameter("minimum_ratio")
    )
    priority_groups: Annotated[list[PriorityGroup], Field(max_length=16)] = Field(
        default_factory=lambda: reference_data.parameter("priority_groups"), validate_default=True
    )
    floor: Annotated[int, Field(ge=0, le=100)] = Field(default_factory=lambda: reference_data.parameter("priority_floor"))
    multipliers: dict[Annotated[str, Field(max_length=40)], Multiplier] = Field(
        default_factory=dict, description="by priority group, FAILED_2023 or OTHER (分层权重)"
    )
    reserves_per_stratum: Annotated[int, Field(ge=0, le=1000)] = Field(
        default_factory=lambda: reference_data.parameter("reserves_per_stratum")
    )
    participating_cities: Annotated[list[City], Field(min_length=1, max_length=10)] = Field(
        default_factory=reference_data.in_participation_order
    )
    team_size: Annotated[int, Field(ge=2, le=10)] = Field(default_factory=lambda: reference_data.parameter("team_size"))

    @model_validator(mode="after")
    def _in_order(self) -> "CampaignIn":
        unknown = self.multipliers.keys() - {*self.priority_groups, sampling_frames.FAILED, sampling_frames.OTHER}
        if unknown:
            raise ValueError(f"multipliers of no stratum: {', '.join(sorted(unknown))}")
        numerator, denominator = self.minimum_ratio
        if not 0 < denominator >= numerator:
            raise ValueError("minimum_ratio is [numerator, denominator], at most 1")
        if not self.window_from <= self.interim_cutoff_on <= self.window_to:
            raise ValueError("window_from <= interim_cutoff_on <= window_to")
        return self


class CampaignOut(BaseModel):
    """A campaign (专项检查)."""

    id: UUID
    code: str
    document_no: str
    title: str
    issuer: str
    window_from: date
    window_to: date
    interim_cutoff_on: date
    final_from: date
    embargo_until: date
    checklist_version: str
    participating_cities: list[str]
    plan: dict[str, Any] = Field(
        description="planned_sample, minimum_ratio, priority_groups, floor, multipliers, reserves_per_stratum"
    )
    team_size: int
    state: CampaignState
    created_by: str
    created_at: datetime
    approved_by: str | None
    published_at: datetime | None
    closed_at: datetime | None
    changed_by: str | None
    withdrawal_ground: str | None
    version: int
