"""Assignments, their teams, experts and replacements (检查任务, 检查组, 专家派遣, 更换)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from services.sampling.models.base import Table
from shared.core.ids import new_id
from shared.database.session import enum_text, instant
from shared.vocabulary import AssignmentState, InspectorMatchState, RecusalReason, ReplacementReason, SelectionBasis


class Assignment(Table, table=True):
    """One drawn object to be inspected (检查任务). `position` is its place in the draw's result; teams are drawn in that order.

    `team_draw_id` and `team_task` name the draw that gave the team and the task under which it was drawn there.
    `notified_at` and `inspection_on`: when the object was notified, and of which day.
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("campaign_id", "task_no"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    campaign_id: UUID = Field(foreign_key="campaign.id", index=True)
    draw_id: UUID = Field(foreign_key="draw.id", index=True)
    task_no: str
    uscc: str = Field(foreign_key="organisation.uscc", index=True)
    certificate_no: str = Field(foreign_key="certificate.certificate_no")
    city: str = Field(index=True)
    county: str
    stratum: str
    basis: SelectionBasis = Field(sa_type=enum_text(SelectionBasis))
    rank: int
    position: int
    state: AssignmentState = Field(default=AssignmentState.PENDING_INSPECTORS, sa_type=enum_text(AssignmentState))
    match_due_on: date
    released_at: datetime = Field(sa_type=instant())
    team_draw_id: UUID | None = Field(default=None, foreign_key="draw.id")
    team_task: str | None = None
    notified_at: datetime | None = Field(default=None, sa_type=instant())
    inspection_on: date | None = None


class TeamMember(Table, table=True):
    """An inspector's place in a team (检查组成员); those who left stay with their state."""

    __tablename__ = "team_member"

    assignment_id: UUID = Field(foreign_key="assignment.id", primary_key=True)
    inspector_id: str = Field(foreign_key="inspector.inspector_id", primary_key=True, index=True)
    place: int
    state: InspectorMatchState = Field(sa_type=enum_text(InspectorMatchState))


class ExpertRequest(Table, table=True):
    """A city's request for an expert, whom the institute proposed, and whom the province allotted (专家申请、推荐与派遣).

    `declaration` is that of the proposed expert; `expert_id` stands once the province allotted.
    """

    __tablename__ = "expert_request"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignment.id", index=True)
    field: str
    reason: str
    requested_by: str
    requested_at: datetime = Field(sa_type=instant())
    expert_id: str | None = Field(default=None, foreign_key="expert.expert_id")
    declaration: str | None = None
    allotted_by: str | None = None
    allotted_at: datetime | None = Field(default=None, sa_type=instant())
    proposed_expert_id: str | None = Field(default=None, foreign_key="expert.expert_id")
    proposed_by: str | None = None
    proposed_at: datetime | None = Field(default=None, sa_type=instant())
    refused_by: str | None = None
    refused_at: datetime | None = Field(default=None, sa_type=instant())
    rejection_ground: str | None = None


class MemberReplacement(Table, table=True):
    """A recusal or another ground on which a member leaves a team (回避与更换检查人员)."""

    __tablename__ = "member_replacement"
    __table_args__ = (
        Index(
            "uq_member_replacement_open",
            "assignment_id",
            "inspector_id",
            unique=True,
            postgresql_where=text("accepted IS NOT FALSE AND completed_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignment.id", index=True)
    inspector_id: str
    reason: ReplacementReason = Field(sa_type=enum_text(ReplacementReason))
    recusal_reason: RecusalReason | None = Field(default=None, sa_type=enum_text(RecusalReason))
    detail: str
    raised_by: str
    raised_at: datetime = Field(sa_type=instant())
    accepted: bool | None = None
    note: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=instant())
    draw_id: UUID | None = Field(default=None, foreign_key="draw.id")
    incoming: str | None = None
    by_hand: bool = False
    inspection_on: date | None = None
    completed_at: datetime | None = Field(default=None, sa_type=instant())


class ObjectReplacement(Table, table=True):
    """A request to replace an object by the next of its reserve (更换检查对象)."""

    __tablename__ = "object_replacement"
    __table_args__ = (
        Index("uq_object_replacement_open", "assignment_id", unique=True, postgresql_where=text("refused_at IS NULL")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignment.id")
    reason: ReplacementReason = Field(sa_type=enum_text(ReplacementReason))
    detail: str
    requested_by: str
    requested_at: datetime = Field(sa_type=instant())
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=instant())
    new_assignment_id: UUID | None = Field(default=None, foreign_key="assignment.id")
    refused_by: str | None = None
    refused_at: datetime | None = Field(default=None, sa_type=instant())
    rejection_ground: str | None = None
