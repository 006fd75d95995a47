"""What is known from the others' facts: certificates on a day, the catalogue, campaigns."""

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.models import CatalogueItem, Certificate, CertificateStatusEntry, Inspection
from services.inspection.rules.certificate_status import StatusEntry, status_on
from services.inspection.rules.findings import Obligation
from shared.vocabulary import CertificateStatus


async def certificate_status(
    session: AsyncSession, certificate_no: str, day: date, model: str | None = None
) -> CertificateStatus | None:
    """The status of a certificate on a day, from its history; None where nothing is known of it."""
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
    """The same; where the registry has told nothing yet, the drawn certificate is taken as it stood in the draw."""
    known = await certificate_status(session, certificate_no, day, model)
    if known is None and certificate_no == inspection.certificate_no:
        return CertificateStatus(inspection.certificate["status"])
    return known


async def obligation(session: AsyncSession, product_category_code: str) -> Obligation | None:
    """From which day a product needs a certificate, by which announcement; None where the catalogue does not hold it."""
    found = await session.get(CatalogueItem, product_category_code)
    return Obligation(found.mandatory_from, found.valid_to, found.announcement) if found else None
