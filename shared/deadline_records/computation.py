"""From a record to the query of the engine, and from the computed deadline to the record's days, state and warnings."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from shared import deadlines
from shared.core.clock import legal_day
from shared.deadline_records.tables import NEVER, DeadlineRecord
from shared.deadlines import Calendar, Deadline, DeadlineQuery, Extension, Moment, Pause
from shared.deadlines.engine import compute
from shared.deadlines.rules import Approver, PauseGround
from shared.vocabulary import DeadlineState, DeadlineUnit

Document = dict[str, Any]
ELAPSED = "elapsed"
"""Threshold at the end of a period that ends without anybody's fault, such as a publication."""


@dataclass(frozen=True)
class Granted:
    """An extension as it was decided: so many more units, or a new date where the rule leaves it to the decision."""

    approver: Approver
    document: str
    amount: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class Paused:
    """A pause as it was decided: on which ground, by which document, from which day (None: today)."""

    ground: PauseGround
    document: str
    starts: date | None = None


def rules() -> deadlines.RuleSet:
    """The rules that apply."""
    return deadlines.dataset().rules


def trigger_at(code: str, now: datetime) -> Moment:
    """The trigger of a deadline whose act happens at `now`: the instant for terms in hours, else the legal day.

    Raises:
        UnknownRule: there is no rule of this code.
    """
    return now if rules().versions(code)[-1].unit is DeadlineUnit.H else legal_day(now)


def stored_moment(moment: Moment) -> str:
    """A trigger as it is stored."""
    return moment.isoformat()


def recompute(record: DeadlineRecord, calendar: Calendar, *, granted: bool = False) -> Deadline:
    """The deadline of a record on a calendar.

    Raises:
        DeadlineError: it cannot be computed; YearNotCovered where the calendar does not reach its end.
    """
    return compute(calendar, rules(), query_of(record), granted=granted)


def query_of(record: DeadlineRecord) -> DeadlineQuery:
    """The query of the engine for a record."""
    pauses = [Pause(_day(p["starts"]), _optional_day(p["ends"]), p["ground"], p["document"]) for p in record.pauses]
    extensions = [_extension(document) for document in record.extensions]
    return DeadlineQuery(record.code, _moment(record.trigger), pauses, extensions, record.amount, record.until)


def extension_document(granted: Granted, today: date) -> Document:
    """A granted extension as it is stored."""
    until = None if granted.until is None else granted.until.isoformat()
    return asdict(granted) | {"until": until, "approved_on": today.isoformat()}


def apply_computed(record: DeadlineRecord, deadline: Deadline, now: datetime) -> None:
    """Write to a record what the engine computed: versions, days, state at `now`, warnings still to come."""
    record.rule, record.calendar = deadline.rule.version, deadline.calendar.version
    record.name_zh, record.name_en = deadline.rule.name_zh, deadline.rule.name_en
    record.due_on, record.overdue_from = deadline.due_day, deadline.overdue_from
    record.ends_at = deadline.overdue_from or NEVER
    schedule = list(_schedule(deadline))
    record.warned = [threshold for threshold, at in schedule if threshold in record.warned and at <= now]
    pending = [(threshold, at) for threshold, at in schedule if threshold not in record.warned]
    record.warning_thresholds, record.warn_at = [threshold for threshold, _ in pending], [at for _, at in pending]
    record.next_at = record.warn_at[0] if pending else None
    record.state = _state(record, deadline, now)


def clear_warnings(record: DeadlineRecord) -> None:
    """Remove the pending warnings of a deadline that is over."""
    record.warning_thresholds, record.warn_at, record.next_at = [], [], None


def _schedule(deadline: Deadline) -> Iterator[tuple[str, datetime]]:
    yield from deadlines.warnings(deadline)
    if "overdue" not in deadline.rule.warnings and deadline.overdue_from is not None:
        yield ELAPSED, deadline.overdue_from


def _state(record: DeadlineRecord, deadline: Deadline, now: datetime) -> DeadlineState:
    """Overdue only once that warning has been published: nobody sees the state before its recipients do."""
    state = deadline.state(now)
    if state is DeadlineState.OVERDUE and "overdue" not in record.warned:
        return DeadlineState.RUNNING
    return state


def _extension(document: Document) -> Extension:
    until, approved_on = _optional_day(document["until"]), _optional_day(document.get("approved_on"))
    return Extension(document["approver"], document["document"], document["amount"], until, approved_on)


def _moment(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _optional_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
