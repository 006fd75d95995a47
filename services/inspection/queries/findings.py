"""Selects of findings and rectifications."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.errors import FindingNotFound, RectificationNotFound
from services.inspection.models import Finding, Inspection, Rectification
from services.inspection.queries.visibility import visible
from services.inspection.schemas.findings import FindingOut, RectificationOut
from shared.database.prepared import prepared
from shared.security.auth import Caller
from shared.vocabulary import RectificationState

OPEN = (RectificationState.ORDERED, RectificationState.REPORTED, RectificationState.RECHECK_SCHEDULED)


@prepared
def findings(inspection_id: UUID, *, by: Caller) -> Select[Any]:
    """Rows of `FindingOut` of one inspection that the caller sees, withdrawn ones too."""
    visible_ids = select(Inspection.id).where(visible(by), col(Inspection.id) == inspection_id)
    columns = [getattr(Finding, field) for field in FindingOut.model_fields]
    rows: Select[Any] = select(*columns).where(col(Finding.inspection_id).in_(visible_ids))
    return rows


async def get_finding(session: AsyncSession, finding_id: UUID, *, by: Caller) -> Finding:
    """One finding.

    Raises:
        FindingNotFound: the caller sees no such finding.
    """
    visible_ids = select(Inspection.id).where(visible(by))
    rows = select(Finding).where(col(Finding.id) == finding_id, col(Finding.inspection_id).in_(visible_ids))
    finding = (await session.exec(rows)).one_or_none()
    if finding is None:
        raise FindingNotFound
    return finding


@prepared
def rectifications(
    *,
    state: RectificationState | None,
    inspection_id: UUID | None,
    finding_id: UUID | None,
    campaign_id: UUID | None,
    overdue_on: date | None,
    by: Caller,
) -> Select[Any]:
    """Rows of `RectificationOut` that the caller sees; `overdue_on` selects those that are open after their term on that day."""
    filters = {
        col(Rectification.state): state,
        col(Rectification.inspection_id): inspection_id,
        col(Rectification.finding_id): finding_id,
        col(Rectification.campaign_id): campaign_id,
    }
    conditions = [column == value for column, value in filters.items() if value is not None]
    if overdue_on is not None:
        conditions += [col(Rectification.due_on) < overdue_on, col(Rectification.state).in_(OPEN)]
    visible_ids = select(Inspection.id).where(visible(by))
    columns = [getattr(Rectification, field) for field in RectificationOut.model_fields]
    rows: Select[Any] = select(*columns).where(col(Rectification.inspection_id).in_(visible_ids), *conditions)
    return rows


async def get_rectification(session: AsyncSession, rectification_id: UUID, *, by: Caller) -> Rectification:
    """One rectification.

    Raises:
        RectificationNotFound: the caller sees no such rectification.
    """
    visible_ids = select(Inspection.id).where(visible(by))
    rows = select(Rectification).where(
        col(Rectification.id) == rectification_id, col(Rectification.inspection_id).in_(visible_ids)
    )
    rectification = (await session.exec(rows)).one_or_none()
    if rectification is None:
        raise RectificationNotFound
    return rectification
