"""Keep what the others' facts say about certificates, the catalogue and campaigns."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, update

from services.inspection.models import Campaign, CatalogueItem, Certificate, CertificateStatusEntry, Inspection
from services.inspection.service import alerts
from shared.database.session import Session
from shared.events.registry import CatalogueItemPublished, CertificateRegistered, CertificateStatusChanged
from shared.events.sampling import CampaignClosed, CampaignPublished
from shared.vocabulary import CertificateStatus, StatusEvent


async def keep_certificate(session: Session, told: CertificateRegistered, sequence: int) -> None:
    """Keep the newest edition, and what its entry says about the status."""
    row = told.model_dump(include=set(Certificate.model_fields))
    await _upsert(session, Certificate, "certificate_no", row)
    issued = {"status": CertificateStatus.VALID, "effective_on": told.first_issued_on, "change": StatusEvent.ISSUE}
    stated = {"status": told.status, "effective_on": told.status_since, "change": None}
    await _add_entry(session, told.certificate_no, 0, issued)
    await _add_entry(session, told.certificate_no, sequence, stated)


async def keep_status(session: Session, told: CertificateStatusChanged, sequence: int) -> None:
    """Add a status change to the certificate's history and alert the open inspections of it."""
    change = told.model_dump(mode="json", include={"status", "change", "reason_code", "affected_models"})
    await _add_entry(session, told.certificate_no, sequence, change | {"effective_on": told.effective_on})
    entry = await session.get(CertificateStatusEntry, (told.certificate_no, sequence))
    if entry is not None:
        await alerts.raise_for(session, entry)


async def _add_entry(session: Session, certificate_no: str, sequence: int, said: dict[str, Any]) -> None:
    row = {"certificate_no": certificate_no, "sequence": sequence, "reason_code": None, "affected_models": []} | said
    await session.exec(insert(CertificateStatusEntry).values(row).on_conflict_do_nothing())


async def keep_catalogue_item(session: Session, told: CatalogueItemPublished) -> None:
    """Keep from when a product needs a certificate."""
    row = told.model_dump(include=set(CatalogueItem.model_fields))
    await _upsert(session, CatalogueItem, "product_category_code", row)


async def keep_campaign(session: Session, told: CampaignPublished) -> None:
    """Keep what a campaign is; its inspections that have not begun go by its checklist."""
    row = told.model_dump(include={"title", "document_no", "issuer", "checklist_version"})
    await _upsert(session, Campaign, "id", row | {"id": told.campaign_id})
    waiting = (col(Inspection.campaign_id) == told.campaign_id, col(Inspection.started_at).is_(None))
    await session.exec(update(Inspection).where(*waiting).values(checklist_version=told.checklist_version))


async def close_campaign(session: Session, told: CampaignClosed) -> None:
    """Note that a campaign ended: no further day is planned in it; visits that were planned are finished."""
    campaign = await session.get(Campaign, told.campaign_id)
    if campaign is not None:
        campaign.closed_on = told.closed_on


async def _upsert(session: Session, table: type[SQLModel], key: str, row: dict[str, Any]) -> None:
    statement = insert(table).values(row)
    latest = {name: statement.excluded[name] for name in row if name != key}
    await session.exec(statement.on_conflict_do_update(index_elements=[key], set_=latest))
