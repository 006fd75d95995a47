"""Cases as they stand: lists, details, history, deadlines with their explanation, dossier (案件查询)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.cases import queries
from services.cases.api.callers import ClockCode, readers
from services.cases.errors import CaseNotFound, DeadlineNotFound
from services.cases.models import Case
from services.cases.rules import dossier
from services.cases.schemas.answers import CaseOut, CaseRow, DeadlineOut, Document, DossierPlace, StepOut
from shared.deadline_records.explanation import explanation_of, with_explanation
from shared.deadlines.render_svg import calendar_chart
from shared.security.auth import Caller
from shared.vocabulary import CaseStatus
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/cases", route_class=ServiceRoute, tags=["cases 案件"])

Official = Annotated[Caller, readers()]
Uscc = Annotated[str | None, Query(max_length=18)]


@router.get("", response_model=Page[CaseRow], dependencies=[audited("cases.listed")])
async def list_cases(
    by: Official,
    session: Reading,
    paging: Paging,
    state: CaseStatus | None = None,
    campaign_id: UUID | None = None,
    finding_id: UUID | None = None,
    uscc: Uscc = None,
    overdue_on: date | None = None,
) -> Response:
    """Cases of the caller's jurisdiction, oldest first; `overdue_on`: those late on that day (案件列表)."""
    filters = {"state": state, "campaign_id": campaign_id, "finding_id": finding_id, "uscc": uscc}
    rows = queries.rows(Case, CaseRow, by, overdue_on=overdue_on, **filters)
    return await page(session, rows, paging, by=queries.KEY[Case])


@router.get("/{case_id}", response_model=CaseOut, dependencies=[audited("case.read")], responses=problem_responses(CaseNotFound))
async def get_case(case_id: UUID, by: Official, session: Reading) -> Response:
    """A case with all that its steps put on record (案件详情)."""
    return await single(session, queries.rows(Case, CaseOut, by, id=case_id), CaseNotFound)


@router.get(
    "/{case_id}/history",
    response_model=list[StepOut],
    dependencies=[audited("case_history.read")],
    responses=problem_responses(CaseNotFound),
)
async def get_case_history(case_id: UUID, by: Official, session: Reading) -> object:
    """Every step of a case: who, when, from where to where, with what (办理记录)."""
    await queries.require(session, Case, case_id, by, CaseNotFound)
    return await queries.history_of(session, case_id)


@router.get(
    "/{case_id}/dossier",
    response_model=list[DossierPlace],
    dependencies=[audited("dossier.read")],
    responses=problem_responses(CaseNotFound),
)
async def get_dossier(case_id: UUID, by: Official, session: Reading) -> object:
    """The papers of a case in the official order of its two volumes; the reading is audited (案卷目录)."""
    await queries.require(session, Case, case_id, by, CaseNotFound)
    return dossier.order(await queries.history_of(session, case_id))


@router.get(
    "/{case_id}/deadlines",
    response_model=list[DeadlineOut],
    dependencies=[audited("case_deadlines.read")],
    responses=problem_responses(CaseNotFound),
)
async def get_case_deadlines(case_id: UUID, by: Official, session: Reading) -> object:
    """The deadlines of a case, each with the explanation of its date (案件期限)."""
    await queries.require(session, Case, case_id, by, CaseNotFound)
    return [await with_explanation(session, record) for record in await queries.deadlines_of(session, case_id)]


@router.get(
    "/{case_id}/deadlines/{code}/explanation",
    dependencies=[audited("deadline.explained")],
    responses=problem_responses(CaseNotFound, DeadlineNotFound),
)
async def get_case_deadline_explanation(case_id: UUID, code: ClockCode, by: Official, session: Reading) -> Document:
    """The explanation of the date, recomputable offline: ccc-date/1 (期限说明)."""
    await queries.require(session, Case, case_id, by, CaseNotFound)
    return await explanation_of(session, await queries.latest_deadline(session, case_id, code))


@router.get(
    "/{case_id}/deadlines/{code}/chart",
    response_class=Response,
    dependencies=[audited("deadline.chart_read")],
    responses=problem_responses(CaseNotFound, DeadlineNotFound) | {200: {"content": {"image/svg+xml": {}}}},
)
async def get_case_deadline_chart(
    case_id: UUID, code: ClockCode, by: Official, session: Reading, lang: Literal["zh", "en"] = "zh"
) -> Response:
    """The days of the term as a calendar chart, SVG (期限日历图)."""
    await queries.require(session, Case, case_id, by, CaseNotFound)
    document = await explanation_of(session, await queries.latest_deadline(session, case_id, code))
    return Response(calendar_chart(document, lang), media_type="image/svg+xml")
