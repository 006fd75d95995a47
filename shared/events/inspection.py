"""Events of the inspection service: notices, results, findings, rectifications."""

from datetime import date, datetime
from uuid import UUID

from shared.events.base import Event
from shared.events.deadlines import Closed, Moved, Warned
from shared.events.value_objects import AllottedExpert, InspectedObject, ProductOfCertificate, TeamMember
from shared.vocabulary import (
    FindingSeverity,
    FocusPoint,
    FollowUp,
    InspectionMethod,
    InspectionResult,
    Measure,
    ObjectState,
    RespondentType,
)


class ObjectNotified(Event, owner="inspection", key="inspection_id"):
    """The object was notified on the day before, or again of a changed team (检查通知, 补充通知)."""

    inspection_id: UUID
    assignment_id: UUID
    campaign_id: UUID
    uscc: str
    inspection_on: date
    notified_at: datetime
    channel: str
    content_hash: str
    supplementary: bool = False


class InspectionCompleted(Event, owner="inspection", key="inspection_id"):
    """A reviewed inspection with its result (检查完成)."""

    inspection_id: UUID
    assignment_id: UUID
    campaign_id: UUID
    task_no: str
    object: InspectedObject
    certificate: ProductOfCertificate
    inspected_on: date
    submitted_on: date
    reviewed_on: date
    result: InspectionResult
    methods: tuple[InspectionMethod, ...]
    object_state: ObjectState
    follow_up: FollowUp
    findings: int
    members: tuple[TeamMember, ...]
    experts: tuple[AllottedExpert, ...]
    refused_to_sign: bool
    entry_due_on: date


class FindingConfirmed(Event, owner="inspection", key="finding_id"):
    """A finding that the review confirmed (问题确认). Amounts are in fen; None means not established."""

    finding_id: UUID
    inspection_id: UUID
    assignment_id: UUID
    campaign_id: UUID
    object: InspectedObject
    certificate: ProductOfCertificate
    checklist_code: str
    focus_point: FocusPoint | None
    respondent_type: RespondentType
    respondent_id: str
    respondent_name: str
    violation_type: str | None
    severity: FindingSeverity
    fact: str
    act_on: date
    legal_basis: str
    goods_value_fen: int | None
    sales_amount_fen: int | None
    measures: tuple[Measure, ...]
    suspected_crime: bool
    confirmed_on: date


class RectificationOrdered(Event, owner="inspection", key="rectification_id"):
    """An object was ordered to rectify a finding (责令整改)."""

    rectification_id: UUID
    finding_id: UUID
    inspection_id: UUID
    campaign_id: UUID
    requirement: str
    due_on: date


class RectificationReported(Event, owner="inspection", key="rectification_id"):
    """The object reported its rectification (整改报告); `evidence_ids` is the evidence that it uploaded (整改证据)."""

    rectification_id: UUID
    finding_id: UUID
    inspection_id: UUID
    campaign_id: UUID
    reported_on: date
    recheck_due_on: date
    evidence_ids: tuple[UUID, ...] = ()


class RectificationClosed(Event, owner="inspection", key="rectification_id"):
    """The recheck passed and the rectification is closed (整改验收)."""

    rectification_id: UUID
    finding_id: UUID
    inspection_id: UUID
    campaign_id: UUID
    rechecked_on: date
    closed_on: date


class RectificationFailed(Event, owner="inspection", key="rectification_id"):
    """The recheck failed or the term passed (整改不合格): it becomes a case."""

    rectification_id: UUID
    finding_id: UUID
    inspection_id: UUID
    campaign_id: UUID
    failed_on: date
    reason: str


class DeadlinesWarned(Warned, owner="inspection", key="office"):
    """Deadlines of this service reached a threshold: 50 %, 80 %, one working day before, due, overdue, elapsed (期限预警)."""


class DeadlinesMoved(Moved, owner="inspection", key="office"):
    """Deadlines of this service end on another day: extended, paused, resumed, or by a new calendar (期限变更)."""


class OverdueDeadlinesClosed(Closed, owner="inspection", key="office"):
    """Overdue deadlines of this service were met late or waived (逾期办结)."""
