"""Bodies about calendars, objections and calculated dates."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema

from shared.deadlines import Calendar, Moment
from shared.deadlines.rules import Approver, PauseGround

Rule = Annotated[str, Field(pattern=r"^K[0-9]{2}(/[a-z_]+)?$", description="the rule, K01 to K36", examples=["K05"])]
Note = Annotated[str, StringConstraints(max_length=200)]
MAX_QUERIES = 1000


def _moment(value: object) -> Moment:
    """A legal day or an instant; a local time in no zone is neither."""
    if not isinstance(value, str):
        raise ValueError("须为日期或带时区的时间 / a day, or an instant with its zone")  # noqa: TRY004  (pydantic's way)
    moment = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise ValueError("时间缺少时区 / local time in no zone")
    return moment


DayOrInstant = Annotated[
    Moment,
    PlainValidator(_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CalendarOut(BaseModel):
    """A version of the working-day calendar (工作日历)."""

    version: str
    digest: str
    covers_from: date
    covers_to: date

    @classmethod
    def of(cls, calendar: Calendar) -> "CalendarOut":
        """The version, digest and range of a calendar."""
        return cls(version=calendar.version, digest=calendar.digest, covers_from=calendar.first, covers_to=calendar.last)


class ObjectionIn(_Body):
    """An objection to a sampling result (复检申请)."""

    document: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        examples=["复检申请书 2024-09-20"]
    )


class PauseIn(_Body):
    """An actual or planned pause (扣除期间): first and last day not counted; no last day while it is open."""

    starts: date
    ends: date | None = None
    ground: PauseGround
    document: Note = ""


class ExtensionIn(_Body):
    """An actual or possible extension (延长)."""

    approver: Approver
    document: Note = ""
    amount: int | None = Field(default=None, ge=1, le=36500)
    until: date | None = None
    approved_on: date | None = None


class CalculationQueryIn(_Body):
    """One date to calculate: forward from a `trigger`, or backward from the day by which the act must be due (`due_by`)."""

    rule: Rule
    trigger: DayOrInstant | None = Field(default=None, description="legal day, or an instant with its zone")
    due_by: DayOrInstant | None = Field(default=None, description="the inverse: the latest trigger that still makes this date")
    amount: int | None = Field(default=None, description="the term, where the rule leaves it to the decision")
    until: date | None = Field(default=None, description="the date, where the rule leaves it to the decision")
    pauses: list[PauseIn] = Field(default_factory=list, max_length=100)
    extensions: list[ExtensionIn] = Field(default_factory=list, max_length=20)


class CalculationIn(_Body):
    """Dates to be calculated (期限测算)."""

    queries: list[CalculationQueryIn] = Field(min_length=1, max_length=MAX_QUERIES)
    explain: bool = Field(default=True, description="with the explanation of each (ccc-date/1)")


class Threshold(BaseModel):
    """When a warning would be published."""

    threshold: str
    at: datetime


class CalculatedDate(BaseModel):
    """A calculated date (测算结果)."""

    rule: str = Field(description="version of the rule that applies", examples=["K05@2022-09-29"])
    trigger: date | datetime = Field(description="the trigger counted from; of an inverse query its result")
    due_on: date | None
    due_at: datetime | None
    overdue_from: datetime | None
    opens_on: date | None
    warnings: list[Threshold]
    explanation: dict[str, Any] | None


class CalculationOut(BaseModel):
    """The dates in the order of the queries."""

    calendar: str
    items: list[CalculatedDate]
