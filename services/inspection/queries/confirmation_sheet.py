"""The confirmation sheet (Annex 2) of an inspection."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.models import Campaign, Evidence, Inspection
from services.inspection.queries.inspections import experts_of, findings_of, signatures_of
from services.inspection.rules import confirmation_sheet
from services.inspection.schemas.signatures import ConfirmationSheetOut, SignatureOut


async def sheet_content(session: AsyncSession, inspection: Inspection) -> dict[str, Any]:
    """The content of the confirmation sheet as it would be signed now."""
    campaign = await session.get(Campaign, inspection.campaign_id)
    findings = [finding.model_dump(mode="json") for finding in await findings_of(session, inspection.id)]
    return confirmation_sheet.content(
        inspection.model_dump(mode="json"),
        campaign.model_dump(mode="json") if campaign else {},
        await experts_of(session, inspection.assignment_id),
        findings,
        {str(evidence_id): no for evidence_id, no in (await _evidence_numbers(session, inspection)).items()},
    )


async def _evidence_numbers(session: AsyncSession, inspection: Inspection) -> dict[UUID, int]:
    rows = select(Evidence.id, Evidence.no).where(col(Evidence.inspection_id) == inspection.id)
    return dict((await session.exec(rows)).all())


async def get_confirmation_sheet(session: AsyncSession, inspection: Inspection) -> ConfirmationSheetOut:
    """The confirmation sheet with its digest, and the signatures under it or under its earlier contents."""
    content = await sheet_content(session, inspection)
    return ConfirmationSheetOut(
        inspection_id=inspection.id,
        content=content,
        content_hash=confirmation_sheet.content_hash(content),
        signatures=[SignatureOut.model_validate(row) for row in await signatures_of(session, inspection.id)],
        evidence_numbers=await _evidence_numbers(session, inspection),
    )
