"""The surcharge on a fine that is not paid in time (加处罚款, 行政处罚法 art 72-73): 3 % of it a day, at most the fine itself."""

from collections.abc import Iterable
from datetime import date, timedelta

from shared import deadlines
from shared.deadlines import Pause
from shared.deadlines.rules import PauseGround, Rule
from shared.deadlines.surcharge import SurchargeOwed, surcharge_owed

RULE = "K18"
_DAY = timedelta(days=1)
_REMEDIES: dict[str, PauseGround] = {"apply_for_review": "review", "sue": "litigation"}
_CONCLUSION = "conclude_remedy"
REMEDY_EVENTS = (*_REMEDIES, _CONCLUSION)
"""Steps of a case between which the days are not counted."""


def surcharge_rule(due_on: date) -> Rule:
    """The version of the rule that applies to a fine payable until `due_on`.

    Raises:
        NoVersionInForce: the day lies before the first version of the rule.
    """
    return deadlines.dataset().rules.at(RULE, due_on)


def surcharge_of(fine_fen: int, due_on: date, on: date, remedies: Iterable[tuple[str, date]]) -> SurchargeOwed:
    """What is owed on top of the decided fine (fen) on a day.

    The whole fine of the decision is the base, whatever part of it has been paid, until all of it is paid (art 72). `due_on`
    is the last day of payment (K17), `remedies` the steps of review and suit in their order, each with its legal day.

    Raises:
        InvalidAmount: the fine is negative.
        NoVersionInForce: the day of payment lies before the first version of the rule.
    """
    return surcharge_owed(surcharge_rule(due_on), fine_fen, due_on, on, remedy_pauses(remedies, due_on))


def remedy_pauses(remedies: Iterable[tuple[str, date]], due_on: date) -> list[Pause]:
    """The days after `due_on` that fall into a review or suit: from its first day to the one before its conclusion (art 73)."""
    concluded: list[Pause] = []
    pending: list[Pause] = []
    for event, day in remedies:
        if event == _CONCLUSION:
            concluded += [pause._replace(ends=day - _DAY) for pause in pending if day > pause.starts]
            pending = []
        else:
            pending.append(Pause(max(day, due_on + _DAY), None, _REMEDIES[event]))
    return [*concluded, *pending]
