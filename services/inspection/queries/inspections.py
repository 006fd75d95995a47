"""Selects of inspections, their notices, signatures, findings and reviews."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.errors import InspectionNotFound, NoticeNotFound
from services.inspection.models import AssignedExpert, Finding, Inspection, Notice, Review, Signature
from services.inspection.queries.visibility import visible
from services.inspection.rules import notice, reference_data
from services.inspection.rules.states import InspectionState
from services.inspection.schemas.inspections import (
    ChecklistItemOut,
    ChecklistOut,
    ConductOut,
    InspectionOut,
    InspectionSummary,
    NoticeOut,
    ReviewOut,
)
from services.inspection.schemas.signatures import SignatureOut
from shared.database.prepared import prepared
from shared.deadline_records import in_force
from shared.security.auth import Caller
from shared.vocabulary import ObjectKind


@prepared
def inspections(
    *,
    state: InspectionState | None,
    campaign_id: UUID | None,
    assignment_id: UUID | None,
    uscc: str | None,
    inspection_on: date | None,
    by: Caller,
) -> Select[Any]:
    """Rows of `InspectionSummary` that the caller sees."""
    filters = {
        col(Inspection.state): state,
        col(Inspection.campaign_id): campaign_id,
        col(Inspection.assignment_id): assignment_id,
        col(Inspection.uscc): uscc,
        col(Inspection.inspection_on): inspection_on,
    }
    name = col(Inspection.object)["name"].astext.label("object_name")
    columns = [name if field == "object_name" else getattr(Inspection, field) for field in InspectionSummary.model_fields]
    conditions = [column == value for column, value in filters.items() if value is not None]
    rows: Select[Any] = select(*columns).where(visible(by), *conditions)
    return rows


async def get_inspection(session: AsyncSession, inspection_id: UUID, *, by: Caller) -> Inspection:
    """One inspection.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
    """
    rows = select(Inspection).where(col(Inspection.id) == inspection_id, visible(by))
    inspection = (await session.exec(rows)).one_or_none()
    if inspection is None:
        raise InspectionNotFound
    return inspection


async def experts_of(session: AsyncSession, assignment_id: UUID) -> list[dict[str, Any]]:
    """The experts assigned to an assignment, in the order of their ids."""
    rows = select(AssignedExpert.expert).where(col(AssignedExpert.assignment_id) == assignment_id)
    experts = (await session.exec(rows.order_by(col(AssignedExpert.expert_id)))).all()
    return [dict(expert) for expert in experts]


async def signatures_of(session: AsyncSession, inspection_id: UUID) -> Sequence[Signature]:
    """The signatures under all contents of an inspection's confirmation sheet, oldest first."""
    rows = select(Signature).where(col(Signature.inspection_id) == inspection_id).order_by(col(Signature.id))
    return (await session.exec(rows)).all()


async def findings_of(session: AsyncSession, inspection_id: UUID) -> Sequence[Finding]:
    """The findings of an inspection that were not withdrawn, in their order."""
    rows = select(Finding).where(col(Finding.inspection_id) == inspection_id, col(Finding.withdrawn_at).is_(None))
    return (await session.exec(rows.order_by(col(Finding.no)))).all()


async def inspection_out(session: AsyncSession, inspection: Inspection) -> InspectionOut:
    """An inspection with its experts, signatures and reviews."""
    reviews = select(Review).where(col(Review.inspection_id) == inspection.id).order_by(col(Review.id))
    day = inspection.inspection_on
    computed = {
        "experts": await experts_of(session, inspection.assignment_id),
        "notice_on": notice.notice_on(day, await in_force(session)) if day else None,
        "findings_count": len(await findings_of(session, inspection.id)),
        "signatures": [SignatureOut.model_validate(row) for row in await signatures_of(session, inspection.id)],
        "reviews": [ReviewOut.model_validate(row) for row in (await session.exec(reviews)).all()],
    }
    return InspectionOut.model_validate(inspection.model_dump() | computed)


def checklist_out(inspection: Inspection) -> ChecklistOut:
    """Annex 1 with the answers given so far."""
    form = reference_data.checklist(inspection.checklist_version)
    applicable = set(form.applicable(ObjectKind(inspection.object["kind"])))
    items = [
        ChecklistItemOut(
            **item.model_dump(include={"code", "question_zh", "question_en", "focus_point", "respondent_type"}),
            basis=reference_data.cited(item.basis),
            violations=list(item.violations),
            applicable=item.code in applicable,
            answer=inspection.answers[item.code]["answer"] if item.code in inspection.answers else None,
            note=inspection.answers.get(item.code, {}).get("note", ""),
        )
        for item in form.items
    ]
    conduct = [
        ConductOut(**item.model_dump(include=set(ConductOut.model_fields) - {"basis"}), basis=reference_data.cited(item.basis))
        for item in form.conduct
    ]
    return ChecklistOut(version=form.version, title_zh=form.title_zh, title_en=form.title_en, items=items, conduct=conduct)


@prepared
def notices(*, by: Caller) -> Select[Any]:
    """Rows of `NoticeOut` that the caller sees."""
    visible_ids = select(Inspection.id).where(visible(by))
    columns = [getattr(Notice, field) for field in NoticeOut.model_fields]
    rows: Select[Any] = select(*columns).where(col(Notice.inspection_id).in_(visible_ids))
    return rows


async def get_notice(session: AsyncSession, notice_id: UUID, *, by: Caller) -> Notice:
    """One notice.

    Raises:
        NoticeNotFound: the caller sees no such notice.
    """
    visible_ids = select(Inspection.id).where(visible(by))
    rows = select(Notice).where(col(Notice.id) == notice_id, col(Notice.inspection_id).in_(visible_ids))
    row = (await session.exec(rows)).one_or_none()
    if row is None:
        raise NoticeNotFound
    return row


async def latest_notice(session: AsyncSession, inspection_id: UUID) -> Notice:
    """The latest notice of an inspection whose object was notified."""
    rows = select(Notice).where(col(Notice.inspection_id) == inspection_id).order_by(col(Notice.id).desc()).limit(1)
    return (await session.exec(rows)).one()


async def next_no(session: AsyncSession, table: type[Finding] | Any, inspection_id: UUID) -> int:
    """The next running number of an inspection's findings or evidence; the inspection's row is locked by the caller."""
    rows = select(func.coalesce(func.max(table.no), 0) + 1).where(table.inspection_id == inspection_id)
    return int((await session.exec(rows)).one())
