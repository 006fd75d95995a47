"""Alerts: a certificate's status changed while its inspection is open."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.inspection.models import Alert, CertificateStatusEntry, Inspection
from services.inspection.queries import evidence as queries
from services.inspection.rules.states import OPEN
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller

STATUS_CHANGED = "certificate_status_changed"


async def raise_for_certificate(session: Session, entry: CertificateStatusEntry) -> None:
    """Raise an alert on every open inspection of the certificate."""
    rows = select(Inspection.id).where(col(Inspection.certificate_no) == entry.certificate_no, col(Inspection.state).in_(OPEN))
    for inspection_id in (await session.exec(rows)).all():
        await _raise(session, inspection_id, entry)


async def raise_if_changed_since_draw(session: Session, inspection: Inspection) -> None:
    """Raise an alert where the certificate's status today is not the one it was drawn with."""
    rows = select(CertificateStatusEntry).where(
        col(CertificateStatusEntry.certificate_no) == inspection.certificate_no,
        col(CertificateStatusEntry.effective_on) <= legal_day(session.now),
    )
    latest_first = rows.order_by(col(CertificateStatusEntry.effective_on).desc(), col(CertificateStatusEntry.sequence).desc())
    latest = (await session.exec(latest_first.limit(1))).one_or_none()
    if latest is not None and latest.status != inspection.certificate["status"]:
        await _raise(session, inspection.id, latest)


async def _raise(session: Session, inspection_id: UUID, entry: CertificateStatusEntry) -> None:
    values = {
        "id": new_id(),
        "inspection_id": inspection_id,
        "kind": STATUS_CHANGED,
        "raised_at": session.now,
        **entry.model_dump(include={"certificate_no", "sequence", "status", "change", "effective_on"}),
    }
    await session.exec(insert(Alert).values(values).on_conflict_do_nothing())


async def acknowledge(session: Session, alert_id: UUID, note: str, *, by: Caller) -> Alert:
    """Acknowledge an alert with a note; a second note replaces the first.

    Raises:
        AlertNotFound: the caller sees no such alert.
    """
    alert = await queries.get_alert(session, alert_id, by=by)
    alert.acknowledged_at, alert.acknowledged_by, alert.note = session.now, by.subject, note
    audit.record(session, by, "alert.acknowledged", alert_id, note=note)
    return alert
