"""The statutory clocks of this service, computed in one place."""

from datetime import date

from shared import deadlines


def due_day(rule_id: str, trigger: date, *, amount: int | None = None) -> date:
    """The last day of clock `rule_id` counted from `trigger`; `amount` sets the term where the rule lets the act do so.

    Raises:
        DeadlineRefused: the rule or the calendar does not allow the computation.
    """
    found = deadlines.due(rule_id, trigger, amount=amount).due_day
    assert found is not None  # only an open pause leaves the day unknown, and none is given here
    return found
