"""The history of certificates as input of the rules."""

from collections.abc import Sequence

from sqlmodel import col, select

from services.registry.models import CertificateEvent
from services.registry.rules.history import StatusChange
from shared.database.session import ReadSession, Session


async def histories(session: Session | ReadSession, numbers: Sequence[str]) -> dict[str, list[StatusChange]]:
    """The status changes of some certificates, in their order; an empty list where there is none."""
    where = col(CertificateEvent.certificate_no).in_(numbers)
    rows = await session.exec(select(CertificateEvent).where(where).order_by(col(CertificateEvent.sequence)))
    by_number: dict[str, list[StatusChange]] = {number: [] for number in numbers}
    for row in rows:
        by_number[row.certificate_no].append(_status_change(row))
    return by_number


def _status_change(row: CertificateEvent) -> StatusChange:
    return StatusChange(
        row.change,
        row.status,
        row.effective_on,
        row.reason_code,
        row.suspend_until,
        tuple(row.affected_models),
        row.expires_on,
        row.edition,
        row.published_on,
        row.declaration_no,
        row.explanation,
    )
