"""Deadlines of every service that became overdue, and how they were closed afterwards."""

from services.reporting.models import OverdueDeadline
from services.reporting.rules.deadlines import is_of_agency
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events import Delivery
from shared.events.deadlines import Closed, DeadlineReference, Warned

_COLUMNS = {"deadline_id", "code", "subject_kind", "subject_no", "campaign_id", "city", "county", "due_on"}


async def on_deadlines_warned(session: Session, event: Warned, delivery: Delivery) -> None:
    """Those that are overdue and an agency's own duty count against the city; a right that a party let lapse does not."""
    for deadline in event.deadlines:
        if deadline.threshold == "overdue" and is_of_agency(deadline.code):
            await _upsert(session, deadline, delivery, overdue_on=legal_day(deadline.at))


async def on_overdue_deadlines_closed(session: Session, event: Closed, delivery: Delivery) -> None:
    """They were met late or waived."""
    for deadline in event.deadlines:
        if is_of_agency(deadline.code):
            day = legal_day(deadline.closed_at)
            await _upsert(session, deadline, delivery, overdue_on=day, closed_on=day, outcome=deadline.state)


async def _upsert(session: Session, deadline: DeadlineReference, delivery: Delivery, **days: object) -> None:
    stored = await session.get(OverdueDeadline, deadline.deadline_id)
    if stored is not None:
        days = days | {"overdue_on": stored.overdue_on}
    await upsert(session, OverdueDeadline, deadline.model_dump(include=_COLUMNS) | {"service": delivery.source} | days)
