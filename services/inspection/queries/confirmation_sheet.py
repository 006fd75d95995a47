"""Annex 2 of an inspection as it stands."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.models import Campaign, Evidence, Inspection
from services.inspection.queries.inspections import experts_of, findings_of, signatures_of
from services.inspection.rules import confirmation_sheet
from services.inspection.schemas.signatures import SheetOut, SignatureOut


async def content_of(session: AsyncSession, inspection: Inspection) -> dict[str, Any]:
    """The sheet as it would be signed now."""
    campaign = await session.get(Campaign, inspection.campaign_id)
    findings = [one.model_dump(mode="json") for one in await findings_of(session, inspection.id)]
    return confirmation_sheet.content(
        inspection.model_dump(mode="json"),
        campaign.model_dump(mode="json") if campaign else {},
        await experts_of(session, inspection.assignment_id),
        findings,
        {str(identity): no for identity, no in (await _numbers(session, inspection)).items()},
    )


async def _numbers(session: AsyncSession, inspection: Inspection) -> dict[UUID, int]:
    rows = select(Evidence.id, Evidence.no).where(col(Evidence.inspection_id) == inspection.id)
    return dict((await session.exec(rows)).all())


async def sheet_of(session: AsyncSession, inspection: Inspection) -> SheetOut:
    """The sheet with its digest and the signatures that were given under it or under earlier forms of it."""
    content = await content_of(session, inspection)
    return SheetOut(
        inspection_id=inspection.id,
        content=content,
        content_hash=confirmation_sheet.content_hash(content),
        signatures=[SignatureOut.model_validate(one) for one in await signatures_of(session, inspection.id)],
        evidence_numbers=await _numbers(session, inspection),
    )
