"""Terms of an order to correct (K31, K32)."""

from datetime import date

from services.inspection.errors import RectificationNotReported
from services.inspection.rules import clocks, law
from services.inspection.rules.states import require_rectification
from shared.deadlines import Extension
from shared.terms import RectificationState


def due_on(ordered_on: date, days: int, document: str = "") -> date:
    """The last day for the correction, `days` natural days after the order, rolled over days off (K31).

    Days beyond the usual maximum count as an extension by the agency that ordered, with its `document`.
    """
    usual = min(days, law.rectification_days("max_days_without_approval"))
    extensions = [Extension("issuing_agency", document, days - usual)] if days > usual else []
    return clocks.due_day("K31", ordered_on, amount=usual, extensions=extensions)


def recheck_due_on(reported_on: date) -> date:
    """The last day for the recheck, ten working days after the report (K32)."""
    return clocks.due_day("K32", reported_on)


def require_recheckable(state: RectificationState, due: date, today: date, *, passed: bool) -> None:
    """Refuse a recheck that cannot be.

    Raises:
        TransitionForbidden: it was closed or failed before.
        RectificationNotReported: the object has not reported; only a failure after the term can be stated then.
    """
    require_rectification("pass" if passed and state is not RectificationState.ORDERED else "fail", state)
    if state is RectificationState.ORDERED and (passed or today <= due):
        raise RectificationNotReported(due_on=due.isoformat())
