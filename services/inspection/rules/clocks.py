"""The statutory clocks of this service, computed in one place."""

from collections.abc import Sequence
from datetime import date

from shared import deadlines
from shared.deadlines import Extension


def due_day(rule_id: str, trigger: date, *, amount: int | None = None, extensions: Sequence[Extension] = ()) -> date:
    """The last day of clock `rule_id` counted from `trigger`; `amount` sets the term where the rule lets the act do so.

    Raises:
        DeadlineRefused: the rule or the calendar does not allow the computation.
    """
    found = deadlines.due(rule_id, trigger, amount=amount, extensions=extensions).due_day
    assert found is not None  # only an open pause leaves the day unknown, and none is given here
    return found
