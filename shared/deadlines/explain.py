"""The explanation of a date (`ccc-date/1`): a document from which anybody can recompute it offline.

Integers, strings, booleans and null only; days are `YYYY-MM-DD` in Asia/Shanghai, instants `YYYY-MM-DDThh:mmZ`. Every
day from the trigger to the result has a row; `digest` is SHA-256 over the canonical JSON of everything else.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from shared.core.months import add_months
from shared.deadlines.calendar import Calendar
from shared.deadlines.day_rows import CountedTerm, day_rows, segments
from shared.deadlines.engine import Deadline, pauses_after_decision, total_units
from shared.deadlines.inputs import Extension, Moment, Pause, require_legal_day, require_minute
from shared.deadlines.rules import Rule, RuleSet
from shared.vocabulary import DeadlineUnit

FORMAT = "ccc-date/1"
Document = dict[str, Any]


def explain(deadline: Deadline, rules: RuleSet) -> Document:
    """The explanation of a deadline.

    Raises:
        YearNotCovered: the calendar does not cover a day that has to be classified.
    """
    count = _counted_term(deadline)
    hours = deadline.rule.unit is DeadlineUnit.H
    days = [] if hours else day_rows(deadline.calendar, deadline.rule, count)
    document: Document = {
        "format": FORMAT,
        "rule": _rule(deadline.rule, rules),
        "trigger": {
            "given": _text(deadline.query.trigger),
            "start": _text(deadline.start),
            "zone": "Asia/Shanghai",
        },
        "calendar": _calendar(deadline.calendar, days),
        "terms": _terms(deadline),
        "pauses": [_pause(pause, hours=hours) for pause in deadline.query.pauses],
        "count": {"from": _text(count.start), "unit": count.unit, "units": count.units},
        "days": days,
        "stretches": segments(count) if hours else [],
        "result": _result(deadline),
    }
    document["digest"] = digest(document)
    return document


def digest(document: Document) -> str:
    """The SHA-256 of the document without its own digest."""
    content = {key: value for key, value in document.items() if key != "digest"}
    # The C encoder takes a sixth of the time of shared.core.canonical; keys are ASCII and values no floats, so both agree.
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _counted_term(deadline: Deadline) -> CountedTerm:
    """What is counted: the whole term or, once a decision fixed a date, the days from the decision to the date."""
    rule, start, query = deadline.rule, deadline.start, deadline.query
    last = query.extensions[-1] if query.extensions else None
    if last is not None and last.until is not None and last.approved_on is not None:
        units = (last.until - last.approved_on).days
        return CountedTerm(
            last.approved_on, "d", units, _numbered(query.pauses, pauses_after_decision(last, query.pauses)), rolls=False
        )
    numbered = _numbered(query.pauses, query.pauses)
    units = total_units(deadline)
    fixed = query.until or rule.until
    if fixed is not None:
        return CountedTerm(start, "d", (fixed - require_legal_day(start)).days, numbered, rolls=False)
    if rule.unit is DeadlineUnit.MONTH:
        day = require_legal_day(start)
        return CountedTerm(start, "d", (add_months(day, units) - day).days, numbered)
    return CountedTerm(start, rule.unit.value, units, numbered)


def _numbered(pauses: Sequence[Pause], used: Sequence[Pause]) -> tuple[tuple[int, Pause], ...]:
    return tuple((number, pause) for number, pause in enumerate(pauses) if pause in used)


def _rule(rule: Rule, rules: RuleSet) -> Document:
    law = rules.law(rule)
    fields = rule.model_dump(
        mode="json",
        include={
            "id", "name_zh", "name_en", "article", "mark", "unit", "amount", "until", "direction",
            "roll", "roll_weekend", "opens_days", "late", "consequence_zh", "consequence_en",
        },
    )  # fmt: skip
    version = None if law.version is None else law.version.isoformat()
    source = {"law_zh": law.title_zh, "law_en": law.title_en, "law_version": version}
    return {**fields, **source, "version": rule.version, "book": rules.version}


def _calendar(calendar: Calendar, days: Sequence[Document]) -> Document:
    used = sorted({row["notice"] for row in days if row["notice"]})
    notices = [calendar.notices[notice]._asdict() for notice in used]
    return {"version": calendar.version, "digest": calendar.digest, "notices": notices}


def _terms(deadline: Deadline) -> list[Document]:
    rule, query = deadline.rule, deadline.query
    until = query.until or rule.until
    own = None if until else (rule.amount if query.amount is None else query.amount)
    first = {"kind": "rule", "article": rule.article, "amount": own, "until": until.isoformat() if until else None}
    steps = [step for step in rule.extensions for _ in range(step.times)]
    later = [_extension(extension, step.article, step.amount) for extension, step in zip(query.extensions, steps, strict=False)]
    return [{**first, "approver": None, "document": "", "approved_on": None}, *later]


def _extension(extension: Extension, article: str, allowed: int | None) -> Document:
    amount = allowed if extension.amount is None else extension.amount
    return {
        "kind": "extension",
        "article": article,
        "amount": None if extension.until else amount,
        "until": extension.until.isoformat() if extension.until else None,
        "approver": extension.approver,
        "document": extension.document,
        "approved_on": extension.approved_on.isoformat() if extension.approved_on else None,
    }


def _pause(pause: Pause, *, hours: bool) -> Document:
    starts, ends = pause.starts, pause.ends
    if not hours:
        starts, ends = require_legal_day(starts), None if ends is None else require_legal_day(ends)
    return {
        "starts": _text(starts),
        "ends": None if ends is None else _text(ends),
        "ground": pause.ground,
        "document": pause.document,
    }


def _result(deadline: Deadline) -> Document:
    due_at, overdue_from, opens_on = deadline.due_at, deadline.overdue_from, deadline.opens_on
    return {
        "held": deadline.ends is None,
        "due_day": None if deadline.due_day is None else deadline.due_day.isoformat(),
        "due_at": None if due_at is None else _text(due_at),
        "overdue_from": None if overdue_from is None else _text(overdue_from),
        "opens_on": None if opens_on is None else opens_on.isoformat(),
    }


def _text(moment: Moment | date) -> str:
    if isinstance(moment, datetime):
        return require_minute(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return moment.isoformat()
