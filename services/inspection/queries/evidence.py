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
def evidence_of_inspection(inspection_id: UUID, *, by: Caller) -> Select[Any]:
    """Rows of `EvidenceSummary` of one inspection that the caller sees."""
    visible_ids = select(Inspection.id).where(visible(by), col(Inspection.id) == inspection_id)
    columns = [getattr(Evidence, field) for field in EvidenceSummary.model_fields]
    rows: Select[Any] = select(*columns).where(col(Evidence.inspection_id).in_(visible_ids))
    return rows


@prepared
def evidence_of_rectification(rectification_id: UUID, *, by: Caller) -> Select[Any]:
    """Rows of `EvidenceSummary` of one rectification that the caller sees."""
    columns = [getattr(Evidence, field) for field in EvidenceSummary.model_fields]
    visible_ids = select(Inspection.id).where(visible(by))
    rows: Select[Any] = select(*columns).where(
        col(Evidence.rectification_id) == rectification_id, col(Evidence.inspection_id).in_(visible_ids)
    )
    return rows


async def ids_of_rectification(session: AsyncSession, rectification_id: UUID) -> list[UUID]:
    """The ids of the evidence of a rectification so far, in its order."""
    rows = select(Evidence.id).where(col(Evidence.rectification_id) == rectification_id).order_by(col(Evidence.no))
    return list((await session.exec(rows)).all())


async def get_evidence(session: AsyncSession, evidence_id: UUID, *, by: Caller) -> Evidence:
    """One piece of evidence.

    Raises:
        EvidenceNotFound: the caller sees no such evidence.
    """
    visible_ids = select(Inspection.id).where(visible(by))
    rows = select(Evidence).where(col(Evidence.id) == evidence_id, col(Evidence.inspection_id).in_(visible_ids))
    evidence = (await session.exec(rows)).one_or_none()
    if evidence is None:
        raise EvidenceNotFound
    return evidence


async def evidence_out(session: AsyncSession, evidence: Evidence) -> EvidenceOut:
    """A piece of evidence with its chain of custody."""
    rows = select(CustodyEvent).where(col(CustodyEvent.evidence_id) == evidence.id).order_by(col(CustodyEvent.id))
    custody = [CustodyOut.model_validate(row) for row in (await session.exec(rows)).all()]
    return EvidenceOut.model_validate(evidence).model_copy(update={"custody": custody})


@prepared
def alerts(inspection_id: UUID | None, *, only_open: bool, by: Caller) -> Select[Any]:
    """Rows of `AlertOut` that the caller sees."""
    conditions = [] if inspection_id is None else [col(Alert.inspection_id) == inspection_id]
    if only_open:
        conditions.append(col(Alert.acknowledged_at).is_(None))
    visible_ids = select(Inspection.id).where(visible(by))
    columns = [getattr(Alert, field) for field in AlertOut.model_fields]
    rows: Select[Any] = select(*columns).where(col(Alert.inspection_id).in_(visible_ids), *conditions)
    return rows


async def get_alert(session: AsyncSession, alert_id: UUID, *, by: Caller) -> Alert:
    """One alert.

    Raises:
        AlertNotFound: the caller sees no such alert.
    """
    visible_ids = select(Inspection.id).where(visible(by))
    rows = select(Alert).where(col(Alert.id) == alert_id, col(Alert.inspection_id).in_(visible_ids))
    alert = (await session.exec(rows)).one_or_none()
    if alert is None:
        raise AlertNotFound
    return alert
