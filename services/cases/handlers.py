"""Reactions: a confirmed finding goes its ways, a failed rectification becomes a case, a status event answers a letter.

The service consumes its own deadline warnings too: what the law does when a term has passed is done then.
"""

from services.cases.service import consequences, findings, letters
from shared.database.session import Session
from shared.deadline_records import calendar_handlers
from shared.events import Delivery
from shared.events.cases import DeadlinesWarned
from shared.events.inspection import FindingConfirmed, RectificationFailed
from shared.events.registry import CertificateStatusChanged
from shared.messaging import Handlers


async def on_finding_confirmed(session: Session, event: FindingConfirmed, _: Delivery) -> None:
    """Route the finding."""
    await findings.confirm(session, event)


async def on_rectification_failed(session: Session, event: RectificationFailed, _: Delivery) -> None:
    """Make a case of it."""
    await findings.rectification_failed(session, event)


async def on_certificate_status_changed(session: Session, event: CertificateStatusChanged, _: Delivery) -> None:
    """See whether a letter waited for this."""
    await letters.status_changed(session, event)


async def on_deadlines_warned(session: Session, event: DeadlinesWarned, _: Delivery) -> None:
    """Draw the consequences of terms that have passed."""
    for alert in event.deadlines:
        await consequences.follow(session, alert)


HANDLERS: Handlers = {
    FindingConfirmed: on_finding_confirmed,
    RectificationFailed: on_rectification_failed,
    CertificateStatusChanged: on_certificate_status_changed,
    DeadlinesWarned: on_deadlines_warned,
    **calendar_handlers.HANDLERS,
}
