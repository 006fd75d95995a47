"""The replica of the other services' data: certificates with their status history, the catalogue, campaigns."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, update

from services.inspection.models import Campaign, CatalogueItem, Certificate, CertificateStatusEntry, Inspection
from services.inspection.service import alerts
from shared.database.session import Session
from shared.database.upsert import upsert
from shared.events.registry import CatalogueItemPublished, CertificateRegistered, CertificateStatusChanged
from shared.events.sampling import CampaignClosed, CampaignPublished
from shared.vocabulary import CertificateStatus, StatusEvent


async def store_certificate(session: Session, event: CertificateRegistered, sequence: int) -> None:
    """Store the newest edition of a certificate, its issue and its present status."""
    await upsert(session, Certificate, event.model_dump(include=set(Certificate.model_fields)))
    issue = {"status": CertificateStatus.VALID, "effective_on": event.first_issued_on, "change": StatusEvent.ISSUE}
    present = {"status": event.status, "effective_on": event.status_since, "change": None}
    await _add_status(session, event.certificate_no, 0, issue)
    await _add_status(session, event.certificate_no, sequence, present)


async def store_status_change(session: Session, event: CertificateStatusChanged, sequence: int) -> None:
    """Add a status change to the history of a certificate and raise alerts on its open inspections."""
    change = event.model_dump(mode="json", include={"status", "change", "reason_code", "affected_models"})
    await _add_status(session, event.certificate_no, sequence, change | {"effective_on": event.effective_on})
    entry = await session.get(CertificateStatusEntry, (event.certificate_no, sequence))
    if entry is not None:
        await alerts.raise_for_certificate(session, entry)


async def _add_status(session: Session, certificate_no: str, sequence: int, status: dict[str, Any]) -> None:
    values = {"certificate_no": certificate_no, "sequence": sequence, "reason_code": None, "affected_models": []} | status
    await session.exec(insert(CertificateStatusEntry).values(values).on_conflict_do_nothing())


async def store_catalogue_item(session: Session, event: CatalogueItemPublished) -> None:
    """Store from when to when a product needs a certificate."""
    await upsert(session, CatalogueItem, event.model_dump(include=set(CatalogueItem.model_fields)))


async def store_campaign(session: Session, event: CampaignPublished) -> None:
    """Store a campaign; its inspections that have not begun take its checklist version."""
    campaign = event.model_dump(include={"title", "document_no", "issuer", "checklist_version"})
    await upsert(session, Campaign, campaign | {"id": event.campaign_id})
    not_started = (col(Inspection.campaign_id) == event.campaign_id, col(Inspection.started_at).is_(None))
    await session.exec(update(Inspection).where(*not_started).values(checklist_version=event.checklist_version))


async def close_campaign(session: Session, event: CampaignClosed) -> None:
    """Note the end of a campaign: no further inspection can be scheduled in it; scheduled ones are finished."""
    campaign = await session.get(Campaign, event.campaign_id)
    if campaign is not None:
        campaign.closed_on = event.closed_on
