"""Bodies about calendars, objections and calculated dates."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema

from shared.deadlines import Calendar, Moment
from shared.deadlines.rules import Approver, PauseGround

Rule = Annotated[str, Field(pattern=r"^K[0-9]{2}(/[a-z_]+)?$", description="the clock, K01 to K36", examples=["K05"])]
Note = Annotated[str, StringConstraints(max_length=200)]
MOST_ASKS = 1000


def _moment(given: object) -> Moment:
    """A legal day or an instant; a local time in no zone is neither."""
    if not isinstance(given, str):
        raise ValueError("须为日期或带时区的时间 / a day, or an instant with its zone")  # noqa: TRY004  (pydantic's way)
    found = datetime.fromisoformat(given) if "T" in given else date.fromisoformat(given)
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError("时间缺少时区 / local time in no zone")
    return found


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
        """What is shown of a calendar."""
        return cls(version=calendar.version, digest=calendar.digest, covers_from=calendar.first, covers_to=calendar.last)


class ObjectionIn(_Body):
    """An objection to a sampling result (复检申请)."""

    document: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        examples=["复检申请书 2024-09-20"]
    )


class AskedPause(_Body):
    """A pause that has been or will be (扣除期间): first and last day not counted; no last day while it is open."""

    starts: date
    ends: date | None = None
    ground: PauseGround
    document: Note = ""


class AskedExtension(_Body):
    """An extension that was or might be granted (延长)."""

    approver: Approver
    document: Note = ""
    amount: int | None = Field(default=None, ge=1, le=36500)
    until: date | None = None
    approved_on: date | None = None


class AskIn(_Body):
    """One date that is asked for: forward from a `trigger`, or backward from the day by which the act must be due (`due_by`)."""

    rule: Rule
    trigger: DayOrInstant | None = Field(default=None, description="legal day, or an instant with its zone")
    due_by: DayOrInstant | None = Field(default=None, description="the inverse: the latest trigger that still makes this date")
    amount: int | None = Field(default=None, description="the term, where the rule lets the act set it")
    until: date | None = Field(default=None, description="the date, where the rule lets the act set it")
    pauses: list[AskedPause] = Field(default_factory=list, max_length=100)
    extensions: list[AskedExtension] = Field(default_factory=list, max_length=20)


class CalculationIn(_Body):
    """Dates to be calculated (期限测算)."""

    asks: list[AskIn] = Field(min_length=1, max_length=MOST_ASKS)
    explain: bool = Field(default=True, description="with the explanation of each (ccc-date/1)")


class Threshold(BaseModel):
    """When a warning would be told."""

    threshold: str
    at: datetime


class CalculatedDate(BaseModel):
    """A calculated date (测算结果)."""

    rule: str = Field(description="version of the rule that counts", examples=["K05@2022-09-29"])
    trigger: date | datetime = Field(description="the trigger counted from; of an inverse question its answer")
    due_on: date | None
    due_at: datetime | None
    overdue_from: datetime | None
    opens_on: date | None
    warnings: list[Threshold]
    explanation: dict[str, Any] | None


class CalculationOut(BaseModel):
    """The dates in the order of the asks."""

    calendar: str
    items: list[CalculatedDate]
