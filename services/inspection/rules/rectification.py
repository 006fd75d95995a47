"""When a rectification may be rechecked."""

from datetime import date

from services.inspection.errors import RecheckDayOutside, RectificationNotReported
from services.inspection.rules.states import RectificationEvent, require_rectification
from shared.vocabulary import RectificationState


def require_recheck_day(day: date, today: date, due: date) -> None:
    """Reject a day for the recheck that is past or after its deadline; after the deadline only today is possible.

    Raises:
        RecheckDayOutside: the day is not possible.
    """
    if not today <= day <= max(due, today):
        raise RecheckDayOutside(pointer="/recheck_on", recheck_due_on=due.isoformat())


def require_recheckable(state: RectificationState, due: date, today: date, *, passed: bool) -> None:
    """Reject a recheck that is not possible.

    Raises:
        TransitionForbidden: it was closed or failed before.
        RectificationNotReported: the object has not reported; only a failure after the term can be stated then.
    """
    passes = passed and state is not RectificationState.ORDERED
    require_rectification(state, RectificationEvent.PASS if passes else RectificationEvent.FAIL)
    if state is RectificationState.ORDERED and (passed or today <= due):
        raise RectificationNotReported(due_on=due.isoformat())
