"""Statutory deadlines (法定期限): every date computed from rule, trigger, calendar, pauses, extensions, and explained.

Pure: no database, clock, web or randomness. `due("K05", day)` uses the data of the package; another calendar
or rule set is passed as an argument. Legal days are plain dates in Asia/Shanghai, instants are UTC. Rules: the table of
deadlines K01-K36; a deadline of several parts has rules such as `K07/superior`.
"""

from collections.abc import Sequence
from datetime import date

from shared.core.legal_time import SHANGHAI
from shared.deadlines.calendar import Calendar, CalendarDay, DayKind
from shared.deadlines.dataset import Dataset, dataset
from shared.deadlines.engine import Deadline, compute
from shared.deadlines.explain import Document
from shared.deadlines.explain import explain as _explain
from shared.deadlines.inputs import DeadlineQuery, Extension, Moment, Pause, require_legal_day
from shared.deadlines.rules import Rule, RuleSet
from shared.deadlines.warnings import warnings

__all__ = [
    "SHANGHAI",
    "Calendar",
    "CalendarDay",
    "Dataset",
    "DayKind",
    "Deadline",
    "DeadlineQuery",
    "Document",
    "Extension",
    "Moment",
    "Pause",
    "Rule",
    "RuleSet",
    "dataset",
    "due",
    "explain",
    "require_legal_day",
    "warnings",
]


def due(
    rule_id: str,
    trigger: Moment,
    *,
    calendar: Calendar | None = None,
    rules: RuleSet | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    amount: int | None = None,
    until: date | None = None,
) -> Deadline:
    """The deadline by rule `rule_id`, counted from `trigger` (a legal day, or an aware instant).

    `amount` or `until` set the term where the rule leaves it to the decision (K01, K04, K31, K32).

    Raises:
        DeadlineError: the date cannot be computed; the subclass and its pointer name the input at fault.
    """
    if calendar is None or rules is None:
        calendar, rules = calendar or dataset().calendar, rules or dataset().rules
    return compute(calendar, rules, DeadlineQuery(rule_id, trigger, pauses, extensions, amount, until))


def explain(deadline: Deadline, *, rules: RuleSet | None = None) -> Document:
    """The `ccc-date/1` document of a computed deadline: the reason for its end, day by day, recomputable offline.

    Raises:
        YearNotCovered: the calendar does not cover a day that has to be classified.
    """
    return _explain(deadline, rules or dataset().rules)
