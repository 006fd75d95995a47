"""Routes of inspections: lists, plan, notice, start, submission, review."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from sqlmodel import col

from services.inspection import errors
from services.inspection.api.callers import Inspector, Lead, LeadOrInspector, Reader
from services.inspection.models import Inspection, Notice
from services.inspection.queries import inspections as queries
from services.inspection.rules.states import InspectionState
from services.inspection.schemas.inspections import (
    InspectionOut,
    InspectionSummary,
    NoticeIn,
    NoticeOut,
    ReviewIn,
    ScheduleIn,
    StartIn,
    SubmissionIn,
)
from services.inspection.service import completion, inspections
from shared.core.errors import Forbidden
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.etag import etag
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/inspections", route_class=ServiceRoute, tags=["inspections 检查任务"])


@router.get(
    "",
    response_model=Page[InspectionSummary],
    dependencies=[audited("inspections.listed")],
    responses=problem_responses(Forbidden),
)
async def list_inspections(
    by: Reader,
    session: Reading,
    paging: Paging,
    state: InspectionState | None = None,
    campaign: UUID | None = None,
    assignment: UUID | None = None,
    uscc: Annotated[str | None, Query(max_length=18)] = None,
    inspection_on: date | None = None,
) -> Response:
    """Inspections within the caller's jurisdiction or team; each reading is noted in the audit trail (检查任务列表)."""
    rows = queries.summaries(by, state, campaign, assignment, uscc, inspection_on)
    return await page(session, rows, paging, by=[col(Inspection.id)])


@router.get(
    "/{inspection_id}",
    dependencies=[audited("inspection.read")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound),
)
async def get_inspection(inspection_id: UUID, by: Reader, session: Reading, response: Response) -> InspectionOut:
    """One inspection with team, record, signatures and reviews (检查任务详情)."""
    found = await queries.inspection(session, inspection_id, by)
    response.headers["ETag"] = etag(found.version)
    return await queries.detail(session, found)


@router.put(
    "/{inspection_id}/schedule",
    responses=problem_responses(
        Forbidden,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.CampaignIsClosed,
        errors.DayInThePast,
        errors.NoticeTooLate,
        errors.MemberUnavailable,
    ),
)
async def schedule_inspection(inspection_id: UUID, body: ScheduleIn, by: Lead, session: Transaction) -> InspectionOut:
    """Set the day of the inspection; the notice can then be sent on one day only (安排检查日期)."""
    found = await inspections.schedule(session, inspection_id, body.inspection_on, by=by)
    return await queries.detail(session, found)


@router.post(
    "/{inspection_id}/notice",
    status_code=status.HTTP_201_CREATED,
    response_model=NoticeOut,
    responses=problem_responses(
        Forbidden,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.NoticeTooEarly,
        errors.NoticeTooLate,
        errors.MemberUnavailable,
    ),
)
async def notify_object(inspection_id: UUID, body: NoticeIn, by: LeadOrInspector, session: Transaction) -> Notice:
    """Tell the object on the day before: the calendar day, else the last working day before (提前一日通知)."""
    return await inspections.notify(session, inspection_id, body, by=by)


@router.post(
    "/{inspection_id}/supplementary-notice",
    status_code=status.HTTP_201_CREATED,
    response_model=NoticeOut,
    responses=problem_responses(
        Forbidden,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.NoticeNamesTeam,
        errors.NoticeTooLate,
        errors.MemberUnavailable,
    ),
)
async def notify_object_again(inspection_id: UUID, body: NoticeIn, by: LeadOrInspector, session: Transaction) -> Notice:
    """Tell a notified object of the team that has changed since, up to the day of the inspection (补充通知)."""
    return await inspections.supplement(session, inspection_id, body, by=by)


@router.post(
    "/{inspection_id}/start",
    responses=problem_responses(
        Forbidden,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.NotInspectionDay,
        errors.SupplementaryNoticeMissing,
        errors.MemberUnavailable,
    ),
)
async def start_inspection(inspection_id: UUID, body: StartIn, by: Inspector, session: Transaction) -> InspectionOut:
    """Begin on site, on the day of which the object was told (开始现场检查)."""
    found = await inspections.start(session, inspection_id, body.place, by=by)
    return await queries.detail(session, found)


@router.post(
    "/{inspection_id}/submission",
    responses=problem_responses(
        Forbidden,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.ChecklistNotHeld,
        errors.NotSubmittable,
        errors.ResultInconsistent,
    ),
)
async def submit_inspection(inspection_id: UUID, body: SubmissionIn, by: Inspector, session: Transaction) -> InspectionOut:
    """Hand the complete record with its result to review (提交审核)."""
    return await queries.detail(session, await completion.submit(session, inspection_id, body, by=by))


@router.post(
    "/{inspection_id}/review",
    responses=problem_responses(
        Forbidden,
        errors.ReviewerOnTeam,
        errors.InspectionNotFound,
        errors.FindingNotFound,
        errors.TransitionForbidden,
    ),
)
async def review_inspection(inspection_id: UUID, body: ReviewIn, by: Lead, session: Transaction) -> InspectionOut:
    """Approve or return the record; never by who inspected (审核)."""
    return await queries.detail(session, await completion.review(session, inspection_id, body, by=by))
