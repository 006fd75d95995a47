"""When an order to correct may be rechecked."""

from datetime import date

from services.inspection.errors import RecheckDayOutside, RectificationNotReported
from services.inspection.rules.states import require_rectification
from shared.vocabulary import RectificationState


def require_recheck_day(day: date, today: date, due: date) -> None:
    """Refuse a day for the recheck that is past or beyond its term; where the term is over, today is left.

    Raises:
        RecheckDayOutside: it is.
    """
    if not today <= day <= max(due, today):
        raise RecheckDayOutside(pointer="/recheck_on", recheck_due_on=due.isoformat())


def require_recheckable(state: RectificationState, due: date, today: date, *, passed: bool) -> None:
    """Refuse a recheck that cannot be.

    Raises:
        TransitionForbidden: it was closed or failed before.
        RectificationNotReported: the object has not reported; only a failure after the term can be stated then.
    """
    require_rectification("pass" if passed and state is not RectificationState.ORDERED else "fail", state)
    if state is RectificationState.ORDERED and (passed or today <= due):
        raise RectificationNotReported(due_on=due.isoformat())
