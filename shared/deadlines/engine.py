"""From rule, trigger, pauses and extensions to the due date."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from shared.deadlines.arithmetic import Span, add_months, minutes, natural_days, paused, roll, working_days
from shared.deadlines.calendar import Calendar
from shared.deadlines.errors import InvalidTerm
from shared.deadlines.extensions import check_extension
from shared.deadlines.inputs import (
    Ask,
    Extension,
    Moment,
    Pause,
    check_pauses,
    intervals,
    legal_day,
    midnight,
    minute,
    spans,
    term,
)
from shared.deadlines.rules import Rule, RuleBook
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
    ask: Ask

    @property
    def due_day(self) -> date | None:
        """The last legal day on which the act is in time."""
        return None if self.ends is None else legal_day(self.ends)

    @property
    def due_at(self) -> datetime | None:
        """The end of the term in UTC: 24:00 of the due day in Shanghai or, for hours, the minute."""
        if self.ends is None or isinstance(self.ends, datetime):
            return self.ends
        return midnight(self.ends + _DAY)

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
            held = any(first <= now and (stop is None or now < stop) for first, stop in intervals(self.ask.pauses))
        else:
            held = paused(legal_day(now, "/now").toordinal(), spans(self.ask.pauses))
        return DeadlineState.PAUSED if held else DeadlineState.RUNNING


def compute(calendar: Calendar, rules: RuleBook, ask: Ask, *, granted: bool = False) -> Deadline:
    """The deadline by the rule in force at the trigger, or by a later version that takes over running clocks.

    `granted`: the extensions are history; whether they came in time is not judged a second time.
    """
    if type(ask.trigger) is date and not (ask.pauses or ask.extensions or ask.amount is not None or ask.until is not None):
        rule, ends = _plain(calendar, rules, ask.rule_id, ask.trigger)
        return Deadline(rule, ask.trigger, ends, calendar, ask)
    return _computed(calendar, rules, ask, granted=granted)


@lru_cache(maxsize=65_536)
def _plain(calendar: Calendar, rules: RuleBook, rule_id: str, trigger: date) -> tuple[Rule, Moment | None]:
    """Most dates are asked for without anything special, and the same ones again and again: those are remembered."""
    deadline = _computed(calendar, rules, Ask(rule_id, trigger), granted=False)
    return deadline.rule, deadline.ends


def _computed(calendar: Calendar, rules: RuleBook, ask: Ask, *, granted: bool) -> Deadline:
    deadline = by_rule(calendar, rules.at(ask.rule_id, legal_day(ask.trigger)), ask, granted=granted)
    while (later := rules.successor(deadline.rule, deadline.due_day or date.max)) is not None:
        deadline = by_rule(calendar, later, ask, granted=granted)
    return deadline


def by_rule(calendar: Calendar, rule: Rule, ask: Ask, *, granted: bool = False) -> Deadline:
    """The deadline by one given version of a rule."""
    units = term(rule, ask.amount, ask.until)
    if ask.pauses:
        check_pauses(rule, ask.trigger, ask.pauses)
    start: Moment = minute(ask.trigger) if rule.unit is DeadlineUnit.H else legal_day(ask.trigger)
    fixed = ask.until or rule.until
    ends = _fixed(start, fixed) if fixed else end_of(calendar, rule, start, units, ask.pauses)
    for at, extension in enumerate(ask.extensions):
        units += check_extension(rule, start, ends, ask.extensions, at, granted=granted)
        moved = extension.until is not None
        ends = _moved(extension, ask.pauses) if moved else end_of(calendar, rule, start, units, ask.pauses)
    return Deadline(rule, start, ends, calendar, ask)


def total_units(deadline: Deadline) -> int:
    """The units of the rule counted from the trigger: its own and those of the extensions."""
    steps = [step for step in deadline.rule.extensions for _ in range(step.times)]
    added = [
        extension.amount or step.amount or 0
        for extension, step in zip(deadline.ask.extensions, steps, strict=False)
        if extension.until is None
    ]
    return term(deadline.rule, deadline.ask.amount, deadline.ask.until) + sum(added)


def end_of(calendar: Calendar, rule: Rule, start: Moment, units: int, pauses: Sequence[Pause]) -> Moment | None:
    """The end of a term of `units` from `start` (legal day, or minute for hours), rolled over as the rule says."""
    if isinstance(start, datetime):
        return minutes(start, units * 60, intervals(pauses) if pauses else ())
    held: Sequence[Span] = spans(pauses) if pauses else ()
    end = unrolled(calendar, rule, start.toordinal(), units, held)
    if end is not None and rule.roll != "none":
        end = roll(calendar, end, 1 if rule.roll == "forward" else -1, held, weekend=rule.roll_weekend)
    return None if end is None else date.fromordinal(end)


def unrolled(calendar: Calendar, rule: Rule, start: int, units: int, held: Sequence[Span]) -> int | None:
    """The last counted day, before any roll-over."""
    signed = units if rule.direction == "after" else -units
    if rule.unit is DeadlineUnit.WD:
        return working_days(calendar, start, signed, held)
    if rule.unit is DeadlineUnit.MONTH:
        signed = add_months(date.fromordinal(start), signed).toordinal() - start
    return natural_days(start, signed, held)


def known_later(extension: Extension, pauses: Sequence[Pause]) -> list[Pause]:
    """The pauses that begin after the decision which fixes a date: only they still push it, it knew the others."""
    approved = extension.approved_on
    return [pause for pause in pauses if approved is not None and legal_day(pause.starts) > approved]


def _fixed(start: Moment, day: date) -> date:
    """A fixed date is what it is; it may only not lie before the trigger."""
    if day < legal_day(start):
        raise InvalidTerm(f"{day} 早于起算日 / lies before the trigger", pointer="/until")
    return day


def _moved(extension: Extension, pauses: Sequence[Pause]) -> date | None:
    approved, until = extension.approved_on, extension.until
    assert approved is not None
    assert until is not None
    later = spans(known_later(extension, pauses))
    end = natural_days(approved.toordinal(), (until - approved).days, later)
    return None if end is None else date.fromordinal(end)
