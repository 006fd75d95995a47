"""Dates for other systems before anything is filed: stateless, by the same engine as every deadline on record (期限测算)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shared import deadlines
from shared.deadlines import Calendar, Deadline, DeadlineQuery, Moment
from shared.deadlines.engine import compute
from shared.deadlines.errors import DeadlineError, InvalidTrigger
from shared.deadlines.inverse import trigger_for


@dataclass(frozen=True)
class CalculationQuery:
    """A calculation forward from a trigger, or with `due_by` backward."""

    ask: DeadlineQuery
    due_by: Moment | None = None


@dataclass(frozen=True)
class CalculationResult:
    """A computed deadline, with its explanation where one was asked for."""

    deadline: Deadline
    explanation: dict[str, Any] | None


def start_of(index: int, trigger: Moment | None, due_by: Moment | None) -> Moment:
    """The one moment that the query at `index` counts from.

    Raises:
        InvalidTrigger: it gives neither trigger nor due_by, or both.
    """
    moments = [moment for moment in (trigger, due_by) if moment is not None]
    if len(moments) != 1:
        raise InvalidTrigger("须给出 trigger 或 due_by 之一 / give either trigger or due_by", pointer=f"/queries/{index}/trigger")
    return moments[0]


def calculate(calendar: Calendar, queries: Sequence[CalculationQuery], *, explain: bool) -> list[CalculationResult]:
    """The results in the order of the queries.

    Raises:
        DeadlineError: a query cannot be computed; its pointer begins with `/queries/<index>`.
    """
    return [_result(calendar, index, query, explain=explain) for index, query in enumerate(queries)]


def _result(calendar: Calendar, index: int, query: CalculationQuery, *, explain: bool) -> CalculationResult:
    with _pointing_at(f"/queries/{index}"):
        deadline = _deadline(calendar, query)
        return CalculationResult(deadline, deadlines.explain(deadline) if explain else None)


def _deadline(calendar: Calendar, query: CalculationQuery) -> Deadline:
    ask, rules = query.ask, deadlines.dataset().rules
    if query.due_by is not None:
        if ask.pauses:
            raise InvalidTrigger("反推不含扣除期间 / the inverse knows no pauses", pointer="/pauses")
        rule = rules.at(ask.rule_id, deadlines.require_legal_day(query.due_by, "/due_by"))
        trigger = trigger_for(calendar, rule, query.due_by, ask.extensions, ask.amount)
        ask = ask._replace(trigger=trigger)
    return compute(calendar, rules, ask)


@contextmanager
def _pointing_at(pointer: str) -> Iterator[None]:
    """Let an error point into the query it is about."""
    try:
        yield
    except DeadlineError as error:
        error.pointer = pointer + (error.pointer or "")
        raise
