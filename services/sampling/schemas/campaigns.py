"""Bodies of campaigns."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.sampling.rules import sampling_frames
from services.sampling.rules.reference_data import Ruleset
from services.sampling.schemas.base import Body, City, Day, Text
from shared.core.province import province
from shared.vocabulary import CampaignState, CertificateStatus, PriorityGroup

PLAN: Final = (
    *("planned_sample", "minimum_ratio", "priority_groups", "floor", "multipliers", "reserves_per_stratum"),
    *("ruleset", "failed_sampling", "frame_statuses", "frame_ended_statuses", "frame_ended_within_months"),
    *("inspected_within_years", "method"),
)
"""The fields of a `CampaignPlan` that the campaign keeps together as its plan; the others are columns."""

Code = Annotated[str, Field(pattern=r"^[0-9A-Z][0-9A-Z-]{2,31}$", description="begins the numbers of tasks (任务编号前缀)")]
Count = Annotated[int, Field(ge=1, le=100_000)]
Multiplier = Annotated[int, Field(ge=1, le=1000)]
Ratio = Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(min_length=2, max_length=2)]
Groups = Annotated[list[PriorityGroup], Field(max_length=16)]
Floor = Annotated[int, Field(ge=0, le=100)]
Multipliers = dict[Annotated[str, Field(max_length=40)], Multiplier]
Reserves = Annotated[int, Field(ge=0, le=1000)]
Cities = Annotated[list[City], Field(min_length=1, max_length=len(province().cities))]
TeamSize = Annotated[int, Field(ge=2, le=10)]
Span = Annotated[int, Field(ge=0, le=120)]


class FailedSampling(Body):
    """The second priority population (S-03): who failed a sampling of these years forms a stratum of its own in each city.

    `levels` are those that count (抽查类型), in the words of the imported lists; none: every one.
    """

    stratum: Annotated[str, Field(pattern=r"^[0-9A-Z_]{1,40}$")]
    years: Annotated[list[Annotated[int, Field(ge=2000, le=2099)]], Field(min_length=1, max_length=10)]
    levels: Annotated[list[Text], Field(max_length=10)] = Field(default_factory=list)


class AppliedRuleset(Body):
    """Which file of parameters filled what the request left out, and in which version."""

    code: str
    version: str


class CampaignIn(Body):
    """A campaign to be planned (专项检查方案); what is left out is as the notice says that is in force on the day."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"code": "CCC-2024-215", "planned_sample": 100, "embargo_until": "2024-12-01"}},
    )

    code: Code
    document_no: Text | None = Field(default=None, description="文号")
    title: Text | None = Field(default=None, description="任务名称")
    window_from: Day | None = None
    window_to: Day | None = None
    interim_cutoff_on: Day | None = None
    final_from: Day | None = Field(default=None, description="from this day the final report is made")
    embargo_until: Day | None = Field(default=None, description="names are public from this day (保密期止)")
    checklist_version: Text | None = None
    planned_sample: Count | None = None
    minimum_ratio: Ratio | None = None
    priority_groups: Groups | None = None
    floor: Floor | None = None
    multipliers: Multipliers | None = Field(
        default=None, description="by priority group, the stratum of failed samplings or OTHER (分层权重)"
    )
    reserves_per_stratum: Reserves | None = None
    participating_cities: Cities | None = None
    team_size: TeamSize | None = None
    failed_sampling: FailedSampling | None = None


class CampaignPlan(Body):
    """A campaign with all of its parameters. It is fixed when it is planned: a later notice changes nothing of it."""

    code: Code
    issuer: str
    document_no: Text
    title: Text
    window_from: Day
    window_to: Day
    interim_cutoff_on: Day
    final_from: Day
    embargo_until: Day
    checklist_version: Text
    participating_cities: Cities
    team_size: TeamSize
    planned_sample: Count
    minimum_ratio: Ratio
    priority_groups: Groups
    floor: Floor
    multipliers: Multipliers
    reserves_per_stratum: Reserves
    ruleset: AppliedRuleset
    failed_sampling: FailedSampling
    frame_statuses: list[CertificateStatus]
    frame_ended_statuses: list[CertificateStatus]
    frame_ended_within_months: Span
    inspected_within_years: Span
    method: Text

    @classmethod
    def completed(cls, body: CampaignIn, ruleset: Ruleset) -> Self:
        """The plan of `body`, with what it leaves out as `ruleset` says.

        Raises:
            ValidationError: the parameters do not agree with each other.
        """
        return cls.model_validate({**_defaults(ruleset), **body.model_dump(exclude_none=True)})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        unknown = self.multipliers.keys() - {*self.priority_groups, self.failed_sampling.stratum, sampling_frames.OTHER}
        if unknown:
            raise ValueError(f"multipliers of no stratum: {', '.join(sorted(unknown))}")
        if self.failed_sampling.stratum in {*self.priority_groups, sampling_frames.OTHER}:
            raise ValueError("the stratum of failed samplings has the name of another one")
        numerator, denominator = self.minimum_ratio
        if not 0 < denominator >= numerator:
            raise ValueError("minimum_ratio is [numerator, denominator], at most 1")
        if not self.window_from <= self.interim_cutoff_on <= self.window_to:
            raise ValueError("window_from <= interim_cutoff_on <= window_to")
        return self


_AS_NAMED: Final = (
    *("issuer", "window_from", "window_to", "checklist_version", "planned_sample", "minimum_ratio", "priority_groups"),
    *("reserves_per_stratum", "team_size", "failed_sampling", "frame_statuses", "frame_ended_statuses"),
    *("frame_ended_within_months", "inspected_within_years", "method"),
)


def _defaults(ruleset: Ruleset) -> Mapping[str, Any]:
    """The fields of a plan as a notice sets them."""
    parameters = ruleset.parameters
    cut_off = {one["code"]: one["cut_off"] for one in parameters["report_rounds"]}
    return {
        **{name: parameters[name] for name in _AS_NAMED},
        "document_no": parameters["campaign_code"],
        "title": parameters["title_zh"],
        "interim_cutoff_on": cut_off["interim"],
        "final_from": cut_off["final"],
        "embargo_until": parameters["window_to"],
        "floor": parameters["priority_floor"],
        "multipliers": {},
        "participating_cities": [city for city, takes_part in parameters["participates"].items() if takes_part],
        "ruleset": {"code": ruleset.code, "version": ruleset.version},
    }


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
        description="the parameters of its draws, fixed with the plan: sample, strata, the frame's statuses, failed samplings"
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
