"""The inverse: the latest trigger that still makes a given date."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from shared.deadlines.calendar import Calendar
from shared.deadlines.engine import compute_by_rule, total_units
from shared.deadlines.errors import InvalidTerm, YearNotCovered
from shared.deadlines.inputs import DeadlineQuery, Extension, Moment, require_legal_day, require_minute
from shared.deadlines.rules import Rule
from shared.vocabulary import DeadlineUnit


def trigger_for(
    calendar: Calendar, rule: Rule, due_by: Moment, extensions: Sequence[Extension] = (), amount: int | None = None
) -> Moment:
    """The latest trigger whose deadline is not after `due_by`; for terms counted backward the earliest not before it.

    Within one version of a rule a later trigger is never due earlier, so the days are searched by halves. Pauses have
    dates of their own and are not part of the query.

    Raises:
        InvalidTerm: a fixed date has no inverse.
        YearNotCovered: the calendar does not reach the dates to be compared.
    """
    if rule.unit is DeadlineUnit.FIXED_DATE or any(extension.until for extension in extensions):
        raise InvalidTerm(f"{rule.id}: 固定日期不可反推 / a fixed date has no inverse", pointer="/rule")
    query = DeadlineQuery(rule.id, due_by, (), [extension._replace(approved_on=None) for extension in extensions], amount)
    if rule.unit is DeadlineUnit.H:
        return require_minute(due_by) - timedelta(hours=total_units(compute_by_rule(calendar, rule, query)))
    goal = require_legal_day(due_by, "/due_by")

    def due(ordinal: int) -> date:
        try:
            ends = compute_by_rule(calendar, rule, query._replace(trigger=date.fromordinal(ordinal))).ends
        except YearNotCovered as error:
            if error.extra.get("year", 0) > goal.year:
                return date.max
            raise
        assert ends is not None
        return ends

    if rule.direction == "before":
        return date.fromordinal(_first(goal.toordinal(), lambda at: due(at) >= goal))
    return date.fromordinal(_first(goal.toordinal(), lambda at: due(at) > goal, down=True) - 1)


def _first(goal: int, reached: Callable[[int], bool], *, down: bool = False) -> int:
    """The first ordinal from which `reached` holds: at or after `goal`, or (down) at or before the day after it."""
    step = 1
    while reached(goal - step) if down else not reached(goal + step):
        step *= 2
    low, high = (goal - step, goal + 1) if down else (goal - 1, goal + step)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
