"""Selects of inspections, notices and what belongs to them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.inspection.errors import InspectionNotFound, NoticeNotFound
from services.inspection.models import AllottedExpert, Finding, Inspection, Notice, Review, Signature
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
def summaries(
    by: Caller,
    state: InspectionState | None,
    campaign: UUID | None,
    assignment: UUID | None,
    uscc: str | None,
    inspection_on: date | None,
) -> Select[Any]:
    """Rows of `InspectionSummary` that the caller sees."""
    wanted = {
        col(Inspection.state): state,
        col(Inspection.campaign_id): campaign,
        col(Inspection.assignment_id): assignment,
        col(Inspection.uscc): uscc,
        col(Inspection.inspection_on): inspection_on,
    }
    name = col(Inspection.object)["name"].astext.label("object_name")
    columns = [name if field == "object_name" else getattr(Inspection, field) for field in InspectionSummary.model_fields]
    conditions = [column == value for column, value in wanted.items() if value is not None]
    rows: Select[Any] = select(*columns).where(visible(by), *conditions)
    return rows


async def inspection(session: AsyncSession, inspection_id: UUID, by: Caller) -> Inspection:
    """One inspection.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
    """
    found = await session.exec(select(Inspection).where(col(Inspection.id) == inspection_id, visible(by)))
    return found.one_or_none() or _missing()


def _missing() -> Inspection:
    raise InspectionNotFound


async def experts_of(session: AsyncSession, assignment_id: UUID) -> list[dict[str, Any]]:
    """The experts allotted to an assignment, in the order of their ids."""
    rows = select(AllottedExpert.expert).where(col(AllottedExpert.assignment_id) == assignment_id)
    found = (await session.exec(rows.order_by(col(AllottedExpert.expert_id)))).all()
    return [dict(expert) for expert in found]


async def signatures_of(session: AsyncSession, inspection_id: UUID) -> Sequence[Signature]:
    """The signatures under an inspection's sheets, oldest first."""
    rows = select(Signature).where(col(Signature.inspection_id) == inspection_id).order_by(col(Signature.id))
    return (await session.exec(rows)).all()


async def findings_of(session: AsyncSession, inspection_id: UUID) -> Sequence[Finding]:
    """The findings of an inspection that stand, in their order."""
    rows = select(Finding).where(col(Finding.inspection_id) == inspection_id, col(Finding.withdrawn_at).is_(None))
    return (await session.exec(rows.order_by(col(Finding.no)))).all()


async def detail(session: AsyncSession, found: Inspection) -> InspectionOut:
    """An inspection as it is answered."""
    reviews = select(Review).where(col(Review.inspection_id) == found.id).order_by(col(Review.id))
    more = {
        "experts": await experts_of(session, found.assignment_id),
        "notice_on": notice.notice_on(found.inspection_on, await in_force(session)) if found.inspection_on else None,
        "findings_count": len(await findings_of(session, found.id)),
        "signatures": [SignatureOut.model_validate(one) for one in await signatures_of(session, found.id)],
        "reviews": [ReviewOut.model_validate(one) for one in (await session.exec(reviews)).all()],
    }
    return InspectionOut.model_validate(found.model_dump() | more)


def checklist_of(found: Inspection) -> ChecklistOut:
    """Annex 1 with the answers given so far."""
    form = reference_data.checklist(found.checklist_version)
    applicable = set(form.applicable(ObjectKind(found.object["kind"])))
    items = [
        ChecklistItemOut(
            **item.model_dump(include={"code", "question_zh", "question_en", "focus_point", "respondent_type"}),
            basis=reference_data.cited(item.basis),
            violations=list(item.violations),
            applicable=item.code in applicable,
            answer=found.answers[item.code]["answer"] if item.code in found.answers else None,
            note=found.answers.get(item.code, {}).get("note", ""),
        )
        for item in form.items
    ]
    conduct = [
        ConductOut(**one.model_dump(include=set(ConductOut.model_fields) - {"basis"}), basis=reference_data.cited(one.basis))
        for one in form.conduct
    ]
    return ChecklistOut(version=form.version, title_zh=form.title_zh, title_en=form.title_en, items=items, conduct=conduct)


@prepared
def notices(by: Caller) -> Select[Any]:
    """Rows of `NoticeOut` that the caller sees."""
    seen = select(Inspection.id).where(visible(by))
    columns = [getattr(Notice, field) for field in NoticeOut.model_fields]
    rows: Select[Any] = select(*columns).where(col(Notice.inspection_id).in_(seen))
    return rows


async def notice_of(session: AsyncSession, notice_id: UUID, by: Caller) -> Notice:
    """One notice.

    Raises:
        NoticeNotFound: the caller sees no such notice.
    """
    seen = select(Inspection.id).where(visible(by))
    rows = select(Notice).where(col(Notice.id) == notice_id, col(Notice.inspection_id).in_(seen))
    found = (await session.exec(rows)).one_or_none()
    if found is None:
        raise NoticeNotFound
    return found


async def latest_notice(session: AsyncSession, inspection_id: UUID) -> Notice:
    """The notice that holds for an inspection of which the object was told."""
    rows = select(Notice).where(col(Notice.inspection_id) == inspection_id).order_by(col(Notice.id).desc()).limit(1)
    return (await session.exec(rows)).one()


async def next_no(session: AsyncSession, numbered: type[Finding] | Any, inspection_id: UUID) -> int:
    """The next running number of an inspection's findings or evidence; the inspection's row is locked by the caller."""
    rows = select(func.coalesce(func.max(numbered.no), 0) + 1).where(numbered.inspection_id == inspection_id)
    return int((await session.exec(rows)).one())
