"""The statutory-clock engine: every date computed from rule, trigger, calendar, pauses, extensions, and explained.

Pure: no database, clock, web or randomness. `due("K05", day)` uses the data of the package; another calendar
or rule book is passed as an argument. Legal days are plain dates in Asia/Shanghai, instants are UTC. Rules: the clock
table K01-K36; a clock with several parts has ids such as `K07/superior`.
"""

from collections.abc import Sequence
from datetime import date

from shared.deadlines.calendar import Calendar, DayKind, Why
from shared.deadlines.dataset import Book, book
from shared.deadlines.engine import Deadline, compute
from shared.deadlines.explain import Document
from shared.deadlines.explain import explain as _explain
from shared.deadlines.inputs import SHANGHAI, Ask, Extension, Moment, Pause, legal_day
from shared.deadlines.rules import Rule, RuleBook
from shared.deadlines.warnings import warnings

__all__ = [
    "SHANGHAI",
    "Ask",
    "Book",
    "Calendar",
    "DayKind",
    "Deadline",
    "Document",
    "Extension",
    "Moment",
    "Pause",
    "Rule",
    "RuleBook",
    "Why",
    "book",
    "due",
    "explain",
    "legal_day",
    "warnings",
]


def due(
    rule_id: str,
    trigger: Moment,
    *,
    calendar: Calendar | None = None,
    rules: RuleBook | None = None,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    amount: int | None = None,
    until: date | None = None,
) -> Deadline:
    """When the act of clock `rule_id` is due, counted from `trigger` (a legal day, or an aware instant).

    `amount` or `until` set the term where the rule lets the act do so (K01, K04, K31, K32). Raises DeadlineRefused.
    """
    if calendar is None or rules is None:
        calendar, rules = calendar or book().calendar, rules or book().rules
    return compute(calendar, rules, Ask(rule_id, trigger, pauses, extensions, amount, until))


def explain(deadline: Deadline, *, rules: RuleBook | None = None) -> Document:
    """The `ccc-date/1` document of a computed deadline: why it ends then, day by day, recomputable without us."""
    return _explain(deadline, rules or book().rules)
