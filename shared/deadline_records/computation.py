"""Between a record and the engine: what it is asked, and what its answer means for state and warnings."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from shared import deadlines
from shared.deadline_records.tables import NEVER, DeadlineRecord
from shared.deadlines import Ask, Calendar, Deadline, Extension, Moment, Pause
from shared.deadlines.engine import compute
from shared.deadlines.rules import Approver, PauseGround
from shared.vocabulary import DeadlineState, DeadlineUnit

Document = dict[str, Any]
ELAPSED = "elapsed"
"""The end of a period whose end is nobody's fault, such as a publication that has run its time."""


@dataclass(frozen=True)
class Granted:
    """An extension as it was decided: so many more units, or a new date where the rule leaves it to the decision."""

    approver: Approver
    document: str
    amount: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class Paused:
    """Why a deadline stands still, by which document, from which day on."""

    ground: PauseGround
    document: str
    starts: date | None = None


def rules() -> deadlines.RuleBook:
    """The rules that count."""
    return deadlines.book().rules


def trigger_at(code: str, now: datetime) -> Moment:
    """What a clock counts from when its act happens at `now`: the minute for terms in hours, else the legal day."""
    return now if rules().versions(code)[-1].unit is DeadlineUnit.H else deadlines.legal_day(now)


def kept(moment: Moment) -> str:
    """A trigger as a record keeps it."""
    return moment.isoformat()


def recompute(record: DeadlineRecord, calendar: Calendar, *, granted: bool = False) -> Deadline:
    """The deadline of a record on a calendar. Raises DeadlineRefused."""
    return compute(calendar, rules(), ask_of(record), granted=granted)


def ask_of(record: DeadlineRecord) -> Ask:
    """What the engine is asked."""
    pauses = [Pause(_day(one["starts"]), _optional(one["ends"]), one["ground"], one["document"]) for one in record.pauses]
    extensions = [_extension(one) for one in record.extensions]
    return Ask(record.code, _moment(record.trigger), pauses, extensions, record.amount, record.until)


def extension_of(granted: Granted, today: date) -> Document:
    """A granted extension as a record keeps it."""
    until = None if granted.until is None else granted.until.isoformat()
    return asdict(granted) | {"until": until, "approved_on": today.isoformat()}


def settle(record: DeadlineRecord, deadline: Deadline, now: datetime) -> None:
    """Let a record say what the engine computed: version, days, state at `now`, warnings still to come."""
    record.rule, record.calendar = deadline.rule.version, deadline.calendar.version
    record.name_zh, record.name_en = deadline.rule.name_zh, deadline.rule.name_en
    record.due_on, record.overdue_from = deadline.due_day, deadline.overdue_from
    record.ends_at = deadline.overdue_from or NEVER
    schedule = list(_schedule(deadline))
    record.told = [what for what, at in schedule if what in record.told and at <= now]
    coming = [(what, at) for what, at in schedule if what not in record.told]
    record.warn_what, record.warn_at = [what for what, _ in coming], [at for _, at in coming]
    record.next_at = record.warn_at[0] if coming else None
    record.state = _state(record, deadline, now)


def suspend_warnings(record: DeadlineRecord) -> None:
    """Nothing more is told of a deadline that is over."""
    record.warn_what, record.warn_at, record.next_at = [], [], None


def _schedule(deadline: Deadline) -> Iterator[tuple[str, datetime]]:
    yield from deadlines.warnings(deadline)
    if "overdue" not in deadline.rule.warnings and deadline.overdue_from is not None:
        yield ELAPSED, deadline.overdue_from


def _state(record: DeadlineRecord, deadline: Deadline, now: datetime) -> DeadlineState:
    """Overdue only once that has been told: so nobody sees the state before those who must hear of it do."""
    state = deadline.state(now)
    if state is DeadlineState.OVERDUE and "overdue" not in record.told:
        return DeadlineState.RUNNING
    return state


def _extension(one: Document) -> Extension:
    return Extension(one["approver"], one["document"], one["amount"], _optional(one["until"]), _optional(one.get("approved_on")))


def _moment(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _optional(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
