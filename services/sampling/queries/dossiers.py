"""What the dossier of a draw needs beside its transcript: the campaign's title, and who did what when."""

from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.sampling.models import Campaign, Draw
from services.sampling.rules import reference_data
from services.sampling.rules.issued_documents import Act
from shared.security.audit import audit_log


async def campaign(session: AsyncSession, draw: Draw) -> dict[str, str]:
    """Title and number of the notice on which the draw rests."""
    found = await session.get_one(Campaign, draw.campaign_id)
    return {"title": found.title, "document_no": found.document_no}


async def acts(session: AsyncSession, draw: Draw) -> list[Act]:
    """Every step of the draw, oldest first; reads of it are no steps."""
    log = audit_log.c
    steps = select(log.at, log.subject, log.action, log.details["source"].astext)
    mine = steps.where(log.object_id == str(draw.id), log.action.in_(reference_data.acts())).order_by(log.id)
    return [Act(*row) for row in await (await session.connection()).execute(mine)]
