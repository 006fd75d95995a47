"""Bodies of assignments, expert requests and replacements."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.sampling.schemas.base import Body, Day, PersonId, Remark, Text
from shared.vocabulary import AssignmentState, InspectorMatchState, RecusalReason, ReplacementReason, SelectionBasis


class MemberOut(BaseModel):
    """A member of a team (检查组成员)."""

    inspector_id: str
    name: str
    org: str
    law_enforcement_no: str
    leader: bool
    state: InspectorMatchState


class ExpertOfTeam(BaseModel):
    """An expert who supports a team (专家)."""

    expert_id: str
    name: str
    field: str


class AssignmentOut(BaseModel):
    """One drawn object to be inspected (检查任务)."""

    id: UUID
    campaign_id: UUID
    draw_id: UUID
    task_no: str
    uscc: str
    name: str
    kind: str
    city: str
    county: str
    address: str
    certificate_no: str
    certificate_status: str
    product_name: str
    product_category_code: str
    priority_group: str | None
    basis: SelectionBasis
    rank: int
    state: AssignmentState
    match_due_on: date
    team: list[MemberOut]
    experts: list[ExpertOfTeam]


class ExpertRequestIn(Body):
    """A request for an expert (专家申请)."""

    field: Annotated[str, Field(pattern=r"^[0-9]{2}$", description="catalogue class")]
    reason: Text


class ProposalIn(Body):
    """An expert whom the institute proposes, with the expert's declaration (专家推荐)."""

    expert_id: PersonId
    conflict_free: Literal[True] = Field(description="the expert declared that no conflict of interest exists (无利益冲突声明)")
    declaration: Text


class ExpertRequestOut(BaseModel):
    """A request for an expert (专家申请)."""

    id: UUID
    assignment_id: UUID
    field: str
    reason: str
    requested_by: str
    requested_at: datetime
    expert_id: str | None
    declaration: str | None
    allotted_by: str | None
    allotted_at: datetime | None
    proposed_expert_id: str | None
    proposed_by: str | None
    proposed_at: datetime | None
    refused_by: str | None
    refused_at: datetime | None
    rejection_ground: str | None


class RecusalIn(Body):
    """A recusal (回避申请)."""

    inspector_id: PersonId
    reason: RecusalReason
    detail: Remark = ""


class MemberReplacementIn(Body):
    """Another ground on which a member leaves a team (更换检查人员申请)."""

    inspector_id: PersonId
    reason: Literal[ReplacementReason.LEAVE, ReplacementReason.TRANSFER, ReplacementReason.CERTIFICATE_EXPIRED]
    detail: Remark = ""
    inspection_on: Day | None = Field(default=None, description="the visit's day: whoever comes is eligible on it (拟检查日期)")


class DecisionIn(Body):
    """The decision on a request (决定)."""

    accepted: bool
    note: Remark = ""


class ManualIn(Body):
    """Who comes by hand where the pool does not suffice (人工指定)."""

    inspector_id: PersonId


class MemberReplacementOut(BaseModel):
    """A recusal or replacement of a member (回避与更换)."""

    id: UUID
    assignment_id: UUID
    inspector_id: str
    reason: ReplacementReason
    recusal_reason: RecusalReason | None
    detail: str
    raised_by: str
    raised_at: datetime
    accepted: bool | None
    note: str | None
    decided_by: str | None
    decided_at: datetime | None
    inspection_on: date | None
    draw_id: UUID | None
    incoming: str | None
    by_hand: bool
    completed_at: datetime | None


class ObjectReplacementIn(Body):
    """Why an object cannot be inspected (更换检查对象申请)."""

    reason: Literal[
        ReplacementReason.OBJECT_CANCELLED,
        ReplacementReason.OBJECT_MOVED,
        ReplacementReason.UNREACHABLE,
        ReplacementReason.NO_ACTIVITY,
        ReplacementReason.DUPLICATE,
    ]
    detail: Remark = ""


class ObjectReplacementOut(BaseModel):
    """A replacement of an object (更换检查对象)."""

    id: UUID
    assignment_id: UUID
    reason: ReplacementReason
    detail: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    new_assignment_id: UUID | None
    refused_by: str | None
    refused_at: datetime | None
    rejection_ground: str | None
