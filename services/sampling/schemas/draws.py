"""Bodies of draws and of the ledger."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.sampling.schemas.base import Body, Day, Text
from shared.vocabulary import DrawKind, DrawState

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Link(Body):
    """An outside source of entropy (外部随机数来源)."""

    source: Text
    kind: Literal["witness", "public"] = "witness"
    person: Text | None = None
    description: Text | None = None
    not_before: Text | None = Field(default=None, description="RFC 3339; a public value appears later than the seal")
    deadline: Text | None = None


class Source(Link):
    """A source with those that stand in for it after its deadline, in order (备用来源)."""

    fallback: Annotated[list[Link], Field(min_length=1, max_length=10)] | None = None


def _one_witness() -> list[Source]:
    return [Source(source="witness")]


class DrawIn(Body):
    """A draw to be planned (抽取方案)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "campaign_id": "0191a000-0000-7000-8000-000000000001",
                "kind": "object",
                "sources": [{"source": "witness", "kind": "witness", "person": "supervisor-1"}],
            }
        },
    )

    campaign_id: UUID
    kind: Literal[DrawKind.OBJECT, DrawKind.INSPECTOR]
    snapshot_on: Day | None = Field(default=None, description="object draw: the day on which certificates count (名录基准日)")
    inspection_on: Day | None = Field(
        default=None, description="inspector draw: the day on which qualifications count (拟检查日)"
    )
    sources: Annotated[list[Source], Field(min_length=1, max_length=10)] = Field(default_factory=_one_witness)
    hash: Literal["sha-256", "sm3"] = "sha-256"


class SampleSizeIn(Body):
    """A larger sample, as the approver decides (调整样本量)."""

    sample_size: Annotated[int, Field(ge=1, le=1_000_000)]


class WaiverIn(Body):
    """Why the sample stays below the minimum ratio (豁免理由)."""

    reason: Text


class ContributionIn(Body):
    """A value for the seed (随机数)."""

    source: Text
    value: Annotated[str, Field(min_length=1, max_length=1000)]


class ReleaseIn(Body):
    """To whom the result goes (下发范围)."""

    audience: Literal["entitled", "public"] = "entitled"


class GroundIn(Body):
    """Why a draw is given up (中止理由)."""

    ground: Text


class DrawOut(BaseModel):
    """A draw as anyone may see it: every attempt, no names (抽取公开信息)."""

    id: UUID
    campaign_id: UUID
    kind: DrawKind
    city: str | None
    attempt: int
    supersedes: UUID | None
    replaces: UUID | None
    state: DrawState
    reference_on: date
    hash_name: str
    sources: list[dict[str, Any]]
    sample_size: int | None
    required: int | None
    frame_size: int | None
    waiver: dict[str, Any] | None
    commitment_digest: str | None
    people: dict[str, str] = Field(description="who took which step")
    ground: str | None
    planned_at: datetime
    sealed_at: datetime | None
    executed_at: datetime | None
    released_at: datetime | None


class HeadIn(Body):
    """A head of the ledger that somebody kept (此前留存的台账链头)."""

    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]
    digest: Digest


class Consistency(BaseModel):
    """The ledger goes on from the earlier head (台账一致)."""

    consistent: Literal[True]
    head: dict[str, Any]


class Verifier(BaseModel):
    """A program that checks transcripts offline, with its digests (核验程序)."""

    name: str
    url: str
    sha256: str
    sm3: str
