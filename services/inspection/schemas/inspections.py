"""Bodies about an inspection: schedule, notice, checklist, record, submission, review."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict, Field

from services.inspection.rules.states import InspectionState
from services.inspection.schemas.base import Line, RequestBody, ResponseBody, Text
from services.inspection.schemas.signatures import SignatureOut
from shared.events.value_objects import AllottedExpert, InspectedObject, ProductOfCertificate, TeamMember
from shared.vocabulary import Answer, FocusPoint, FollowUp, InspectionMethod, InspectionResult, ObjectState, RespondentType


class Channel(StrEnum):
    """The channel of a notice (通知方式)."""

    SMS = "sms"
    PHONE = "phone"
    LETTER = "letter"
    OA = "oa"
    IN_PERSON = "in_person"


class Decision(StrEnum):
    """The decision of a review (审核结论)."""

    APPROVED = "approved"
    RETURNED = "returned"


class ScheduleIn(RequestBody):
    """The day of the inspection (检查日期)."""

    model_config = ConfigDict(json_schema_extra={"example": {"inspection_on": "2024-09-18"}})
    inspection_on: date


class NoticeIn(RequestBody):
    """Channel and recipient of a notice (通知方式与接收人)."""

    model_config = ConfigDict(json_schema_extra={"example": {"channel": "phone", "recipient": "质量负责人"}})
    channel: Channel
    recipient: Line


class StartIn(RequestBody):
    """Where the inspection begins (开始检查)."""

    model_config = ConfigDict(json_schema_extra={"example": {"place": "厂区"}})
    place: Line | None = None


class AnswerIn(RequestBody):
    """One answer; `note` is required for NOT_CHECKED."""

    code: Line
    answer: Answer
    note: str = Field(default="", max_length=2000)


class AnswersIn(RequestBody):
    """All answers at once (核查结果)."""

    model_config = ConfigDict(json_schema_extra={"example": {"answers": [{"code": "C01", "answer": "CONFORM"}]}})
    answers: list[AnswerIn] = Field(max_length=100)


class RecordIn(RequestBody):
    """The confirmation sheet besides the findings: place, people met, guidance given, integrity declared (检查记录)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "place": "厂区",
                "guidance": "已讲解证书变更的申请要求",
                "integrity_declared": True,
                "integrity_acknowledged_by": "质量负责人",
            }
        }
    )
    place: Line | None = None
    legal_representative: Line | None = None
    contact: Line | None = None
    guidance: Text | None = None
    integrity_declared: bool = Field(description="no fee, gift, visit or banquet was taken (廉政承诺)")
    integrity_acknowledged_by: Line | None = None


class SubmissionIn(RequestBody):
    """The result as the team states it (检查结果)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"result": "NO_ISSUE", "methods": ["ON_SITE"], "object_state": "ACTIVE"}}
    )
    result: InspectionResult
    methods: list[InspectionMethod] = Field(min_length=1, max_length=6)
    object_state: ObjectState = ObjectState.ACTIVE
    follow_up: FollowUp | None = Field(default=None, description="None: the default of the result")
    note: Text | None = None


class LongerTerm(RequestBody):
    """A term of correction beyond the usual maximum, approved with a document (延长整改期限)."""

    finding_id: UUID
    days: int = Field(ge=1, le=366)
    document: Line


class ReviewIn(RequestBody):
    """The reviewer's decision (审核); `longer_terms` approves terms of correction beyond 30 days."""

    model_config = ConfigDict(json_schema_extra={"example": {"decision": "approved", "opinion": "事实清楚，证据充分"}})
    decision: Decision
    opinion: Text
    longer_terms: list[LongerTerm] = Field(default_factory=list, max_length=100)


class InspectionSummary(ResponseBody):
    """An inspection in a list."""

    id: UUID
    assignment_id: UUID
    campaign_id: UUID
    task_no: str
    uscc: str
    object_name: str
    city: str
    county: str
    certificate_no: str
    state: InspectionState
    inspection_on: date | None
    result: InspectionResult | None
    entry_due_on: date | None
    version: int


class ReviewOut(ResponseBody):
    """One review (审核意见)."""

    decision: Decision
    opinion: str
    reviewed_by: str
    reviewed_at: datetime


class RecordOut(ResponseBody):
    """The record."""

    place: str | None = None
    legal_representative: str | None = None
    contact: str | None = None
    guidance: str | None = None
    integrity_declared: bool = False
    integrity_acknowledged_by: str | None = None


class AnswerOut(ResponseBody):
    """One answer to the checklist."""

    answer: Answer
    note: str = ""


class InspectionOut(ResponseBody):
    """An inspection with everything but its evidence and findings (检查任务)."""

    id: UUID
    assignment_id: UUID
    campaign_id: UUID
    task_no: str
    uscc: str
    city: str
    county: str
    certificate_no: str
    object: InspectedObject
    certificate: ProductOfCertificate
    members: list[TeamMember]
    experts: list[AllottedExpert] = Field(default_factory=list)
    checklist_version: str
    state: InspectionState
    inspection_on: date | None
    notice_on: date | None = Field(default=None, description="the one day on which the notice may be sent (K02)")
    started_at: datetime | None
    ended_at: datetime | None
    answers: dict[str, AnswerOut]
    record: RecordOut
    findings_count: int = 0
    signatures: list[SignatureOut] = Field(default_factory=list)
    reviews: list[ReviewOut] = Field(default_factory=list)
    result: InspectionResult | None
    methods: list[InspectionMethod]
    object_state: ObjectState | None
    follow_up: FollowUp | None
    note: str | None
    refused_to_sign: bool
    submitted_on: date | None
    reviewed_on: date | None
    entry_due_on: date | None
    version: int


class NoticeOut(ResponseBody):
    """A notice as it was sent (检查通知)."""

    id: UUID
    inspection_id: UUID
    uscc: str
    inspection_on: date
    channel: Channel
    recipient: str
    content: dict[str, object]
    content_hash: str = Field(description="SHA-256 in hex of the canonical JSON (RFC 8785) of `content`")
    notified_at: datetime


class ChecklistItemOut(ResponseBody):
    """A question with its answer, if any."""

    code: str
    question_zh: str
    question_en: str
    focus_point: FocusPoint | None
    respondent_type: RespondentType
    basis: str
    violations: list[str]
    applicable: bool
    answer: Answer | None
    note: str


class ConductOut(ResponseBody):
    """An act against the inspection itself; it can be a finding, but has no answer (检查过程中的行为)."""

    code: str
    question_zh: str
    question_en: str
    basis: str
    violations: list[str]


class ChecklistOut(ResponseBody):
    """Annex 1 for one inspection (现场检查表)."""

    version: str
    title_zh: str
    title_en: str
    items: list[ChecklistItemOut]
    conduct: list[ConductOut] = Field(default_factory=list)
