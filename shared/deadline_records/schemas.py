"""Bodies of the routes of deadlines and calendars."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.deadlines.rules import Approver, PauseGround
from shared.vocabulary import DeadlineState

DocumentName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Field(description="the document that decides it (批准文书)", examples=["延期审批表〔2024〕12号"]),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DeadlineRow(BaseModel):
    """A deadline on the board (期限)."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    code: str = Field(description="the rule, K01 to K36", examples=["K05"])
    name_zh: str
    name_en: str
    subject_kind: str = Field(description="kind of the subject: assignment, inspection, rectification, case, …")
    subject_id: UUID
    subject_no: str = Field(description="official number of the subject")
    office: str = Field(description="the organisation that has to act")
    city: str | None
    county: str | None
    campaign_id: UUID | None
    rule: str = Field(description="version of the rule", examples=["K05@2022-09-29"])
    calendar: str = Field(description="version of the working-day calendar")
    trigger: str
    due_on: date | None = Field(description="last day in time; null while an open pause or a missing calendar year holds it")
    overdue_from: datetime | None
    state: DeadlineState
    late: bool = Field(description="the act was done after the term")
    met_at: datetime | None
    waived_at: datetime | None
    warned: list[str] = Field(description="warning thresholds that have been published")


class HistoryRow(BaseModel):
    """An entry in the history of a deadline (期限履历)."""

    id: int
    at: datetime
    act: str
    state: DeadlineState
    due_on: date | None
    by_subject: str
    by_org: str
    content: dict[str, Any]


class ExtensionIn(_Body):
    """An extension as it was decided: more units, or a new date where the rule leaves it to the decision (延长期限)."""

    approver: Approver = Field(description="who decided; the rule says who may")
    document: DocumentName
    amount: int | None = Field(default=None, ge=1, le=1000, description="units of the rule; the rule's own number if missing")
    until: date | None = None


class PauseIn(_Body):
    """A pause on a ground that the rule allows (中止计时)."""

    ground: PauseGround
    document: DocumentName
    starts: date | None = Field(default=None, description="first day not counted; today if missing, never in the future")


class ResumptionIn(_Body):
    """The ground of a pause has ended (恢复计时)."""

    document: DocumentName


class WaiverIn(_Body):
    """The act is no longer owed (豁免)."""

    ground: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]
    document: DocumentName


class CalendarRow(BaseModel):
    """A version of the working-day calendar (工作日历)."""

    version: str
    digest: str
    covers_from: date
    covers_to: date
    proposed_by: str | None
    proposed_at: datetime | None
    published_by: str | None
    published_at: datetime | None
    moved_at: datetime | None = Field(description="when all open deadlines had been recalculated")
    in_force: bool


class ChangedDay(BaseModel):
    """A day that two calendars classify differently."""

    day: date
    was: str
    becomes: str
    notice: str


class MoveRow(BaseModel):
    """A deadline that a calendar would move (受影响期限)."""

    id: UUID
    code: str
    subject_kind: str
    subject_no: str
    office: str
    due_on: date | None
    new_due_on: date | None
    reason: list[ChangedDay] = Field(description="the days of the term that the calendar changes")
