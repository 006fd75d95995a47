"""The history of certificates as the rules read it."""

from collections.abc import Sequence

from sqlmodel import col, select

from services.registry.models import CertificateEvent
from services.registry.rules.history import Past
from shared.database.session import ReadSession, Session


async def histories(session: Session | ReadSession, numbers: Sequence[str]) -> dict[str, list[Past]]:
    """The acts on some certificates, in their order."""
    where = col(CertificateEvent.certificate_no).in_(numbers)
    rows = await session.exec(select(CertificateEvent).where(where).order_by(col(CertificateEvent.sequence)))
    found: dict[str, list[Past]] = {number: [] for number in numbers}
    for row in rows:
        found[row.certificate_no].append(_past(row))
    return found


def _past(row: CertificateEvent) -> Past:
    return Past(
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
