"""Selects of evidence and alerts."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.errors import AlertNotFound, EvidenceNotFound
from services.inspection.models import Alert, CustodyEvent, Evidence, Inspection
from services.inspection.queries.visibility import visible
from services.inspection.schemas.evidence import AlertOut, CustodyOut, EvidenceOut, EvidenceSummary
from shared.database.prepared import prepared
from shared.security.auth import Caller


@prepared
def evidence_list(by: Caller, inspection_id: UUID) -> Select[Any]:
    """Rows of `EvidenceSummary` of one inspection that the caller sees."""
    seen = select(Inspection.id).where(visible(by), col(Inspection.id) == inspection_id)
    columns = [getattr(Evidence, field) for field in EvidenceSummary.model_fields]
    rows: Select[Any] = select(*columns).where(col(Evidence.inspection_id).in_(seen))
    return rows


@prepared
def evidence_of_rectification(by: Caller, rectification_id: UUID) -> Select[Any]:
    """Rows of `EvidenceSummary` that show the correction of an order that the caller sees."""
    columns = [getattr(Evidence, field) for field in EvidenceSummary.model_fields]
    seen = select(Inspection.id).where(visible(by))
    rows: Select[Any] = select(*columns).where(
        col(Evidence.rectification_id) == rectification_id, col(Evidence.inspection_id).in_(seen)
    )
    return rows


async def ids_of_rectification(session: AsyncSession, rectification_id: UUID) -> list[UUID]:
    """What the object has shown of a correction so far, in its order."""
    rows = select(Evidence.id).where(col(Evidence.rectification_id) == rectification_id).order_by(col(Evidence.no))
    return list((await session.exec(rows)).all())


async def evidence(session: AsyncSession, evidence_id: UUID, by: Caller) -> Evidence:
    """One piece of evidence.

    Raises:
        EvidenceNotFound: the caller sees no such evidence.
    """
    seen = select(Inspection.id).where(visible(by))
    rows = select(Evidence).where(col(Evidence.id) == evidence_id, col(Evidence.inspection_id).in_(seen))
    found = (await session.exec(rows)).one_or_none()
    if found is None:
        raise EvidenceNotFound
    return found


async def detail(session: AsyncSession, found: Evidence) -> EvidenceOut:
    """A piece of evidence with its chain of custody."""
    rows = select(CustodyEvent).where(col(CustodyEvent.evidence_id) == found.id).order_by(col(CustodyEvent.id))
    custody = [CustodyOut.model_validate(one) for one in (await session.exec(rows)).all()]
    return EvidenceOut.model_validate(found).model_copy(update={"custody": custody})


@prepared
def alerts(by: Caller, inspection: UUID | None, *, only_open: bool) -> Select[Any]:
    """Rows of `AlertOut` that the caller sees."""
    conditions = [] if inspection is None else [col(Alert.inspection_id) == inspection]
    if only_open:
        conditions.append(col(Alert.acknowledged_at).is_(None))
    seen = select(Inspection.id).where(visible(by))
    columns = [getattr(Alert, field) for field in AlertOut.model_fields]
    rows: Select[Any] = select(*columns).where(col(Alert.inspection_id).in_(seen), *conditions)
    return rows


async def alert(session: AsyncSession, alert_id: UUID, by: Caller) -> Alert:
    """One alert.

    Raises:
        AlertNotFound: the caller sees no such alert.
    """
    seen = select(Inspection.id).where(visible(by))
    found = (await session.exec(select(Alert).where(col(Alert.id) == alert_id, col(Alert.inspection_id).in_(seen)))).one_or_none()
    if found is None:
        raise AlertNotFound
    return found
