"""Bodies about findings and their rectification."""

from datetime import date, datetime
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.inspection.schemas.base import Line, RequestBody, ResponseBody, Text
from shared.core.canonical import MAX_INTEGER
from shared.vocabulary import FindingSeverity, FocusPoint, Measure, RectificationState, RespondentType

_EXAMPLE: JsonDict = {
    "checklist_code": "C11",
    "respondent_type": "object",
    "violation_type": "SUPPLY_WHILE_INVALID",
    "severity": "general",
    "fact": "证书暂停期间出厂120台",
    "act_on": "2024-09-18",
    "goods_value_fen": 1200000,
    "measures": ["order_rectify", "case_clue"],
    "evidence_ids": ["0198f2b4-0000-7000-8000-000000000001"],
    "requirement": "停止出厂并追回",
    "rectify_days": 15,
}


class FindingIn(RequestBody):
    """A finding as the team states it (问题). Amounts in fen; None where not established."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})
    checklist_code: Line
    focus_point: FocusPoint | None = None
    respondent_type: RespondentType = RespondentType.OBJECT
    respondent_id: Line | None = None
    respondent_name: Line | None = None
    violation_type: Line | None = None
    severity: FindingSeverity
    fact: Text
    act_on: date
    goods_value_fen: int | None = Field(default=None, ge=0, le=MAX_INTEGER)
    sales_amount_fen: int | None = Field(default=None, ge=0, le=MAX_INTEGER)
    measures: list[Measure] = Field(default_factory=list, max_length=10)
    suspected_crime: bool = False
    evidence_ids: list[UUID] = Field(default_factory=list, max_length=100)
    requirement: Text | None = None
    rectify_days: int | None = Field(default=None, ge=1, le=366)
    cause: Text | None = None
    guidance: Text | None = None
    certificate_no: Line | None = Field(default=None, description="None: the certificate that was drawn")
    product_category_code: Line | None = Field(default=None, description="None: that of the certificate")
    model: Line | None = None


class WithdrawalIn(RequestBody):
    """Why a finding is withdrawn before it is submitted (撤回问题)."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "记录有误"}})
    reason: Text


class FindingOut(ResponseBody):
    """A finding as recorded; advice has no violation."""

    id: UUID
    inspection_id: UUID
    no: int
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
    certificate_no: str
    product_category_code: str
    model: str | None
    certificate_status: str | None = Field(description="status of the certificate on the day of the act")
    goods_value_fen: int | None
    sales_amount_fen: int | None
    measures: list[Measure]
    suspected_crime: bool
    evidence_ids: list[UUID]
    requirement: str | None
    rectify_days: int | None
    cause: str | None
    guidance: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    confirmed_on: date | None


class RectificationReportIn(RequestBody):
    """The object's report of its rectification (整改报告)."""

    model_config = ConfigDict(json_schema_extra={"example": {"report": "已停止出厂，完成证书变更"}})
    report: Text


class RecheckIn(RequestBody):
    """The result of the recheck (复查结论)."""

    model_config = ConfigDict(json_schema_extra={"example": {"passed": True, "note": "现场复查已整改到位"}})
    passed: bool
    note: Text


class RecheckDayIn(RequestBody):
    """The day of the recheck (复查安排)."""

    model_config = ConfigDict(json_schema_extra={"example": {"recheck_on": "2024-10-10"}})
    recheck_on: date


class RectificationOut(ResponseBody):
    """An order to rectify, from issue to close (责令改正)."""

    id: UUID
    finding_id: UUID
    inspection_id: UUID
    campaign_id: UUID
    uscc: str
    requirement: str
    ordered_on: date
    due_on: date
    state: RectificationState
    report: str | None
    reported_on: date | None
    recheck_due_on: date | None
    recheck_on: date | None = Field(description="the day set for the recheck (复查日期)")
    recheck_note: str | None
    rechecked_on: date | None
    closed_on: date | None
    failed_on: date | None
