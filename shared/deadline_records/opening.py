"""A deadline is opened with the act that is its trigger, one or many in a transaction."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session, driver
from shared.deadline_records import history
from shared.deadline_records.calendars import in_force
from shared.deadline_records.computation import (
    Granted,
    apply_computed,
    extension_document,
    recompute,
    rules,
    stored_moment,
    trigger_at,
)
from shared.deadline_records.subject import Subject
from shared.deadline_records.tables import DeadlineRecord, deadline_history
from shared.deadlines import Calendar, Moment
from shared.deadlines.errors import YearNotCovered
from shared.security.auth import SYSTEM, Caller

_JSON = ("pauses", "extensions")
_CACHE = "deadlines of the same inputs"
_COLUMNS = tuple(DeadlineRecord.model_fields)
_HISTORY = ("deadline_id", "at", "act", "state", "due_on", "by_subject", "by_org", "content")


@dataclass(frozen=True)
class Term:
    """What an act sets beyond the rule: trigger (by default the act itself), term, extensions granted with it."""

    trigger: Moment | None = None
    amount: int | None = None
    until: date | None = None
    granted: tuple[Granted, ...] = ()


async def open_deadline(
    session: Session, subject: Subject, code: str, term: Term | None = None, *, by: Caller = SYSTEM
) -> DeadlineRecord:
    """Open a deadline with the act that is its trigger.

    Where the rule has `may_wait` and the calendar does not reach its end, the next calendar brings the day.

    Raises:
        DeadlineError: it cannot be computed; a year that the calendar does not cover is named.
    """
    record = _record(session, subject, code, term or Term(), await in_force(session))
    session.add(record)
    history.add_entry(session, record, "opened", by, rule=record.rule, calendar=record.calendar, trigger=record.trigger)
    return record


async def open_many(session: Session, many: Iterable[tuple[Subject, str, Term]], *, by: Caller = SYSTEM) -> int:
    """Open many deadlines at once; returns their number.

    Raises:
        DeadlineError: as `open_deadline`.
    """
    calendar = await in_force(session)
    rows, entries = [], []
    for subject, code, term in many:
        columns, entry = _columns(session, subject, code, term, calendar, by)
        identity = _identity(subject)
        rows.append(tuple((columns | identity).values()))
        entries.append((identity["id"], *entry))
    connection = await driver(session)
    await connection.copy_records_to_table("deadline", records=rows, columns=_COLUMNS)
    await connection.copy_records_to_table(deadline_history.name, records=entries, columns=_HISTORY)
    return len(rows)


def _columns(
    session: Session, subject: Subject, code: str, term: Term, calendar: Calendar, by: Caller
) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """The columns of a deadline and of its first entry: computed once for all in a transaction that differ by subject only."""
    cache = session.info.setdefault(_CACHE, {})
    key = (code, term, session.now, by.subject, by.org)
    if key not in cache:
        record = _record(session, subject, code, term, calendar)
        entry = history.entry_columns(session, record, "opened", by, {"rule": record.rule, "calendar": record.calendar})
        columns = {name: getattr(record, name) for name in _COLUMNS}
        columns |= {name: _text(columns[name]) for name in _JSON}
        cache[key] = columns, tuple(_text(entry[name]) for name in _HISTORY[1:])
    cached: tuple[dict[str, Any], tuple[Any, ...]] = cache[key]
    return cached


def _identity(subject: Subject) -> dict[str, Any]:
    return {
        "id": new_id(),
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject_no": subject.no,
        "office": subject.office,
        "city": subject.city,
        "county": subject.county,
        "campaign_id": subject.campaign_id,
    }


def _record(session: Session, subject: Subject, code: str, term: Term, calendar: Calendar) -> DeadlineRecord:
    trigger = trigger_at(code, session.now) if term.trigger is None else term.trigger
    record = DeadlineRecord(
        **_identity(subject),
        code=code,
        trigger=stored_moment(trigger),
        amount=term.amount,
        until=term.until,
        extensions=_extensions(session, term.granted),
        pauses=[],  # these five by name: looking up a default's factory costs more than the rest of the record
        warned=[],
        warning_thresholds=[],
        warn_at=[],
        excluded_subjects=[],
        opened_at=session.now,
        due_on=None,
        overdue_from=None,
    )
    try:
        apply_computed(record, recompute(record, calendar), session.now)
    except YearNotCovered:
        if not rules().versions(code)[-1].may_wait:
            raise
        record.calendar = calendar.version
    return record


def _extensions(session: Session, granted: Sequence[Granted]) -> list[dict[str, Any]]:
    return [extension_document(extension, legal_day(session.now)) for extension in granted]


def _text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
