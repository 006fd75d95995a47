"""The computation: from rule, trigger, pauses and extensions to the due date."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from shared.core.legal_time import start_of_day
from shared.core.months import add_months
from shared.deadlines.arithmetic import Span, add_minutes, add_natural_days, add_working_days, is_paused, roll
from shared.deadlines.calendar import Calendar
from shared.deadlines.errors import InvalidTerm
from shared.deadlines.extensions import units_of_extension
from shared.deadlines.inputs import (
    DeadlineQuery,
    Extension,
    Moment,
    Pause,
    check_pauses,
    intervals,
    require_legal_day,
    require_minute,
    spans,
    units_of_term,
)
from shared.deadlines.rules import Rule, RuleSet
from shared.vocabulary import DeadlineState, DeadlineUnit

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class Deadline(NamedTuple):
    """A computed deadline with everything it was computed from.

    `start` is the trigger as the rule reads it: a legal day, or the minute in UTC for a term in hours. `ends` is the
    last legal day on which the act is in time or, for a term in hours, the last minute; None: an open pause holds it.
    """

    rule: Rule
    start: Moment
    ends: Moment | None
    calendar: Calendar
    query: DeadlineQuery

    @property
    def due_day(self) -> date | None:
        """The last legal day on which the act is in time."""
        return None if self.ends is None else require_legal_day(self.ends)

    @property
    def due_at(self) -> datetime | None:
        """The end of the term in UTC: 24:00 of the due day in Shanghai or, for hours, the minute."""
        if self.ends is None or isinstance(self.ends, datetime):
            return self.ends
        return start_of_day(self.ends + _DAY)

    @property
    def overdue_from(self) -> datetime | None:
        """The first instant at which the act is late: `due_at`, or one minute later for terms in hours."""
        return self.ends + _MINUTE if isinstance(self.ends, datetime) else self.due_at

    @property
    def opens_on(self) -> date | None:
        """The first day on which the act is in time, where the rule forbids an earlier one."""
        if self.rule.opens_days is None or self.due_day is None:
            return None
        return self.due_day - timedelta(days=self.rule.opens_days)

    def state(self, now: datetime) -> DeadlineState:
        """Running, paused or overdue at `now`, as long as nobody has met or waived it."""
        if self.overdue_from is not None and now >= self.overdue_from:
            return DeadlineState.OVERDUE
        if self.rule.unit is DeadlineUnit.H:
            paused = any(first <= now and (stop is None or now < stop) for first, stop in intervals(self.query.pauses))
        else:
            paused = is_paused(require_legal_day(now, "/now").toordinal(), spans(self.query.pauses))
        return DeadlineState.PAUSED if paused else DeadlineState.RUNNING


def compute(calendar: Calendar, rules: RuleSet, query: DeadlineQuery, *, granted: bool = False) -> Deadline:
    """The deadline by the rule in force at the trigger, or by a later version that takes over running deadlines.

    `granted`: the extensions are history; whether they came in time is not checked a second time.

    Raises:
        DeadlineError: the date cannot be computed; the subclass and its pointer name the input at fault.
    """
    bare = query.amount is None and query.until is None and not query.pauses and not query.extensions
    if bare and type(query.trigger) is date:
        rule, ends = _end_from_trigger(calendar, rules, query.rule_id, query.trigger)
        return Deadline(rule, query.trigger, ends, calendar, query)
    return _computed(calendar, rules, query, granted=granted)


@lru_cache(maxsize=65_536)
def _end_from_trigger(calendar: Calendar, rules: RuleSet, rule_id: str, trigger: date) -> tuple[Rule, Moment | None]:
    """Most queries have a trigger alone, and the same ones recur: their results are cached."""
    deadline = _computed(calendar, rules, DeadlineQuery(rule_id, trigger), granted=False)
    return deadline.rule, deadline.ends


def _computed(calendar: Calendar, rules: RuleSet, query: DeadlineQuery, *, granted: bool) -> Deadline:
    deadline = compute_by_rule(calendar, rules.at(query.rule_id, require_legal_day(query.trigger)), query, granted=granted)
    while (later := rules.successor(deadline.rule, deadline.due_day or date.max)) is not None:
        deadline = compute_by_rule(calendar, later, query, granted=granted)
    return deadline


def compute_by_rule(calendar: Calendar, rule: Rule, query: DeadlineQuery, *, granted: bool = False) -> Deadline:
    """The deadline by one given version of a rule.

    Raises:
        DeadlineError: as `compute`.
    """
    units = units_of_term(rule, query.amount, query.until)
    if query.pauses:
        check_pauses(rule, query.trigger, query.pauses)
    start: Moment = require_minute(query.trigger) if rule.unit is DeadlineUnit.H else require_legal_day(query.trigger)
    fixed = query.until or rule.until
    ends = _fixed(start, fixed) if fixed else end_of_term(calendar, rule, start, units, query.pauses)
    for index, extension in enumerate(query.extensions):
        units += units_of_extension(rule, start, ends, query.extensions, index, granted=granted)
        dated = extension.until is not None
        ends = _end_by_decision(extension, query.pauses) if dated else end_of_term(calendar, rule, start, units, query.pauses)
    return Deadline(rule, start, ends, calendar, query)


def total_units(deadline: Deadline) -> int:
    """The units of the rule counted from the trigger: its own and those of the extensions."""
    steps = [step for step in deadline.rule.extensions for _ in range(step.times)]
    added = [
        extension.amount or step.amount or 0
        for extension, step in zip(deadline.query.extensions, steps, strict=False)
        if extension.until is None
    ]
    return units_of_term(deadline.rule, deadline.query.amount, deadline.query.until) + sum(added)


def end_of_term(calendar: Calendar, rule: Rule, start: Moment, units: int, pauses: Sequence[Pause]) -> Moment | None:
    """The end of a term of `units` from `start` (legal day, or minute for hours), rolled over as the rule says.

    Raises:
        YearNotCovered: the calendar does not reach it.
    """
    if isinstance(start, datetime):
        return add_minutes(start, units * 60, intervals(pauses) if pauses else ())
    paused: Sequence[Span] = spans(pauses) if pauses else ()
    end = end_before_roll(calendar, rule, start.toordinal(), units, paused)
    if end is not None and rule.roll != "none":
        end = roll(calendar, end, 1 if rule.roll == "forward" else -1, paused, weekend=rule.roll_weekend)
    return None if end is None else date.fromordinal(end)


def end_before_roll(calendar: Calendar, rule: Rule, start: int, units: int, paused: Sequence[Span]) -> int | None:
    """The last counted day, before any roll-over.

    Raises:
        YearNotCovered: the calendar does not reach it.
    """
    signed = units if rule.direction == "after" else -units
    if rule.unit is DeadlineUnit.WD:
        return add_working_days(calendar, start, signed, paused)
    if rule.unit is DeadlineUnit.MONTH:
        signed = add_months(date.fromordinal(start), signed).toordinal() - start
    return add_natural_days(start, signed, paused)


def pauses_after_decision(extension: Extension, pauses: Sequence[Pause]) -> list[Pause]:
    """The pauses that begin after the decision which fixes a date: only they still push it, it took the others into account."""
    approved = extension.approved_on
    return [pause for pause in pauses if approved is not None and require_legal_day(pause.starts) > approved]


def _fixed(start: Moment, day: date) -> date:
    """The fixed date itself, which may not lie before the trigger."""
    if day < require_legal_day(start):
        raise InvalidTerm(f"{day} 早于起算日 / lies before the trigger", pointer="/until")
    return day


def _end_by_decision(extension: Extension, pauses: Sequence[Pause]) -> date | None:
    approved, until = extension.approved_on, extension.until
    assert approved is not None
    assert until is not None
    later = spans(pauses_after_decision(extension, pauses))
    end = add_natural_days(approved.toordinal(), (until - approved).days, later)
    return None if end is None else date.fromordinal(end)
