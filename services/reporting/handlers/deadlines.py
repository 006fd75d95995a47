"""What became overdue anywhere, and what was done about it late."""

from services.reporting.models import OverdueDeadline
from services.reporting.rules.deadlines import counts
from services.reporting.service.replica import fill
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.events import Delivery
from shared.events.deadlines import Closed, DeadlineReference, Warned

_KNOWN = {"deadline_id", "code", "subject_kind", "subject_no", "campaign_id", "city", "county", "due_on"}


async def on_deadlines_warned(session: Session, event: Warned, delivery: Delivery) -> None:
    """Those that are overdue and an agency's own duty count against the city; a right that a party let pass does not."""
    for told in event.deadlines:
        if told.threshold == "overdue" and counts(told.code):
            await _fill(session, told, delivery, overdue_on=legal_day(told.at))


async def on_overdue_deadlines_closed(session: Session, event: Closed, delivery: Delivery) -> None:
    """They are no longer open."""
    for told in (one for one in event.deadlines if counts(one.code)):
        day = legal_day(told.closed_at)
        await _fill(session, told, delivery, overdue_on=day, closed_on=day, outcome=told.state)


async def _fill(session: Session, told: DeadlineReference, delivery: Delivery, **days: object) -> None:
    known = await session.get(OverdueDeadline, told.deadline_id)
    if known is not None:
        days = days | {"overdue_on": known.overdue_on}
    await fill(session, OverdueDeadline, **told.model_dump(include=_KNOWN), service=delivery.source, **days)
