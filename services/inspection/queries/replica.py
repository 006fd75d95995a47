"""Selects of the replica: the status of a certificate on a day, the obligation of a product."""

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.models import CatalogueItem, Certificate, CertificateStatusEntry, Inspection
from services.inspection.rules.certificate_status import StatusEntry, status_on
from services.inspection.rules.findings import Obligation
from shared.vocabulary import CertificateStatus


async def _replicated_status(
    session: AsyncSession, certificate_no: str, day: date, model: str | None = None
) -> CertificateStatus | None:
    """The status of a certificate on a day, from its history; None where the replica has none."""
    rows = select(CertificateStatusEntry).where(col(CertificateStatusEntry.certificate_no) == certificate_no)
    history = [
        StatusEntry(row.effective_on, row.sequence, row.status, tuple(row.affected_models))
        for row in (await session.exec(rows)).all()
    ]
    certificate = await session.get(Certificate, certificate_no)
    return status_on(history, day, certificate.expires_on if certificate else None, model)


async def status_for(
    session: AsyncSession, inspection: Inspection, certificate_no: str, day: date, model: str | None = None
) -> CertificateStatus | None:
    """The status of a certificate on a day, of one `model` or of the whole; None where the replica has none.

    Where the registry has not published it yet, the drawn certificate has its status of the draw.
    """
    status = await _replicated_status(session, certificate_no, day, model)
    if status is None and certificate_no == inspection.certificate_no:
        return CertificateStatus(inspection.certificate["status"])
    return status


async def get_obligation(session: AsyncSession, product_category_code: str) -> Obligation | None:
    """From which day a product needs a certificate, by which announcement; None where it is not in the catalogue."""
    item = await session.get(CatalogueItem, product_category_code)
    return Obligation(item.mandatory_from, item.valid_to, item.announcement) if item else None
