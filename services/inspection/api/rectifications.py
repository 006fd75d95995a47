"""Routes of rectifications and alerts."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col

from services.inspection import errors
from services.inspection.api.callers import LeadOrInspector, ObjectContact, Reader, ReaderOrObject
from services.inspection.models import Alert, Rectification
from services.inspection.queries import evidence as alert_queries
from services.inspection.queries import findings as queries
from services.inspection.schemas.evidence import AcknowledgementIn, AlertOut
from services.inspection.schemas.findings import RecheckDayIn, RecheckIn, RectificationOut, ReportIn
from services.inspection.service import alerts, rectifications
from shared.core.errors import Forbidden
from shared.vocabulary import RectificationState
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/rectifications", route_class=ServiceRoute, tags=["rectifications 整改"])
alert_router = APIRouter(prefix="/v1/alerts", route_class=ServiceRoute, tags=["alerts 提醒"])


@router.get(
    "",
    response_model=Page[RectificationOut],
    dependencies=[audited("rectifications.listed")],
    responses=problem_responses(Forbidden),
)
async def list_rectifications(
    by: ReaderOrObject,
    session: Reading,
    paging: Paging,
    state: RectificationState | None = None,
    inspection: UUID | None = None,
    finding: UUID | None = None,
    campaign: UUID | None = None,
    overdue_on: date | None = None,
) -> Response:
    """Orders to correct; `overdue_on` asks for those open after their term (整改列表)."""
    rows = queries.rectifications(by, state, inspection, finding, campaign, overdue_on)
    return await page(session, rows, paging, by=[col(Rectification.id)])


@router.get(
    "/{rectification_id}",
    response_model=RectificationOut,
    dependencies=[audited("rectification.read")],
    responses=problem_responses(Forbidden, errors.RectificationNotFound),
)
async def get_rectification(rectification_id: UUID, by: ReaderOrObject, session: Reading) -> Rectification:
    """One order to correct (整改详情)."""
    return await queries.rectification(session, rectification_id, by)


@router.post(
    "/{rectification_id}/report",
    response_model=RectificationOut,
    responses=problem_responses(Forbidden, errors.RectificationNotFound, errors.TransitionForbidden),
)
async def report_rectification(rectification_id: UUID, body: ReportIn, by: ObjectContact, session: Transaction) -> Rectification:
    """The object reports its correction with what it has uploaded; the recheck is due ten working days later (提交整改报告)."""
    return await rectifications.report(session, rectification_id, body.report, by=by)


@router.post(
    "/{rectification_id}/recheck-day",
    response_model=RectificationOut,
    responses=problem_responses(Forbidden, errors.RectificationNotFound, errors.TransitionForbidden, errors.RecheckDayOutside),
)
async def schedule_recheck(
    rectification_id: UUID, body: RecheckDayIn, by: LeadOrInspector, session: Transaction
) -> Rectification:
    """Set the day of the recheck, within ten working days after the report (安排复查)."""
    return await rectifications.schedule_recheck(session, rectification_id, body.recheck_on, by=by)


@router.post(
    "/{rectification_id}/recheck",
    response_model=RectificationOut,
    responses=problem_responses(
        Forbidden, errors.RectificationNotFound, errors.TransitionForbidden, errors.RectificationNotReported
    ),
)
async def recheck_rectification(
    rectification_id: UUID, body: RecheckIn, by: LeadOrInspector, session: Transaction
) -> Rectification:
    """Close the rectification, or fail it so that the matter becomes a case (整改复查)."""
    return await rectifications.recheck(session, rectification_id, body.note, passed=body.passed, by=by)


@alert_router.get(
    "", response_model=Page[AlertOut], dependencies=[audited("alerts.listed")], responses=problem_responses(Forbidden)
)
async def list_alerts(
    by: Reader,
    session: Reading,
    paging: Paging,
    inspection: UUID | None = None,
    open: bool = False,  # noqa: A002  (the name of the query parameter)
) -> Response:
    """What happened to certificates while their inspections were open (提醒列表)."""
    return await page(session, alert_queries.alerts(by, inspection, only_open=open), paging, by=[col(Alert.id)])


@alert_router.post(
    "/{alert_id}/acknowledgement", response_model=AlertOut, responses=problem_responses(Forbidden, errors.AlertNotFound)
)
async def acknowledge_alert(alert_id: UUID, body: AcknowledgementIn, by: LeadOrInspector, session: Transaction) -> Alert:
    """Note what was made of an alert (提醒处理)."""
    return await alerts.acknowledge(session, alert_id, body.note, by=by)
