"""Money that grows with the days after a term (K18: 3 % a day, never more than the fine), in whole fen."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from shared.deadlines.errors import InvalidAmount, UnknownRule
from shared.deadlines.inputs import Pause, check_pauses, spans
from shared.deadlines.rules import Rule

_WHOLE = 10_000


class SurchargeOwed(NamedTuple):
    """The surcharge on a day: counted days, fen, and whether the cap has been reached."""

    days: int
    fen: int
    capped: bool


def surcharge_owed(rule: Rule, principal: int, due_day: date, on: date, pauses: Sequence[Pause] = ()) -> SurchargeOwed:
    """What is owed on top of `principal` (fen) if it is paid on `on`; fractions of a fen are dropped (行政处罚法 art 72).

    The day after `due_day` is the first counted one; days of review or litigation (`pauses`) are not counted.

    Raises:
        UnknownRule: the rule adds no surcharge.
        InvalidAmount: the principal is negative or not whole fen.
        InvalidPause: the rule knows no such pause.
    """
    if rule.surcharge is None:
        raise UnknownRule(f"{rule.id} 不加处罚款 / adds no surcharge", pointer="/rule")
    if isinstance(principal, bool) or not isinstance(principal, int) or principal < 0:
        raise InvalidAmount(f"{principal}: 须为非负整数分 / whole fen, not negative", pointer="/principal")
    check_pauses(rule, due_day, pauses)
    start, end = due_day.toordinal(), on.toordinal()
    paused = sum(max(0, min(end, last if last is not None else end) - max(first - 1, start)) for first, last in spans(pauses))
    days = max(0, end - start) - paused
    owed = principal * rule.surcharge.daily_basis_points * days // _WHOLE
    cap = principal * rule.surcharge.cap_basis_points // _WHOLE
    return SurchargeOwed(max(0, days), max(0, min(owed, cap)), owed >= cap > 0)
