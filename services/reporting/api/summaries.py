"""Summaries: computed, submitted, returned, accepted, merged; each figure with the rows that it counts."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import col

from services.reporting.api.callers import City, CityLead, FigureKey, ProvAdmin, Reader, Reporter
from services.reporting.documents.summary import pdf
from services.reporting.errors import (
    CampaignNotFound,
    FigureNotFound,
    RoundClosed,
    RoundNotOpen,
    SamePerson,
    SummariesMissing,
    SummaryNotFound,
    SummaryTransition,
)
from services.reporting.models import Summary, SummaryRow
from services.reporting.queries import campaign
from services.reporting.queries import summaries as queries
from services.reporting.rules import figures
from services.reporting.rules.enums import Round, SummaryState
from services.reporting.schemas import CountedRow, FigureOut, GroundIn, MergedIn, SummaryHead, SummaryIn, SummaryOut
from services.reporting.service import summaries as service
from shared.core.canonical import canonical
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/summaries", route_class=ServiceRoute, tags=["summaries 汇总报告"])
merged = APIRouter(prefix="/v1/merged-summaries", route_class=ServiceRoute, tags=["summaries 汇总报告"])
_PDF = "application/pdf"
_Group = Annotated[str | None, Query(max_length=200, description="one group of a breakdown; OTHER for rows without one")]


def _out(summary: Summary, parts: list[UUID]) -> SummaryOut:
    definitions = {item["key"]: item for item in figures.items()}
    defined = [FigureOut.model_validate({**definitions[figure["key"]], **figure}) for figure in summary.figures]
    late = summary.submitted_on is not None and summary.submitted_on > summary.due_on
    return SummaryOut.model_validate({**summary.model_dump(), "figures": defined, "parts": parts, "late": late})


@router.post("", status_code=201, responses=problem_responses(CampaignNotFound, RoundNotOpen, RoundClosed, SummaryTransition))
async def compute_summary(body: SummaryIn, session: Transaction, by: Reporter) -> SummaryOut:
    """Compute a city's figures for a round and freeze them with the rows they count (计算并固定汇总指标)."""
    return _out(await service.compute(session, body, by=by), [])


@router.get("", response_model=Page[SummaryHead], dependencies=[audited("summaries.listed")], responses=problem_responses())
async def list_summaries(
    session: Reading,
    by: Reader,
    paging: Paging,
    campaign_id: UUID | None = None,
    round: Round | None = None,  # noqa: A002  (the field's own term)
    city: City = None,
    state: SummaryState | None = None,
) -> Response:
    """Summaries (汇总报告列表)."""
    rows = queries.heads(by, campaign_id=campaign_id, round=round, city=city, state=state)
    return await page(session, rows, paging, by=[col(Summary.summary_id)])


@router.get("/{summary_id}", dependencies=[audited("summary.read")], responses=problem_responses(SummaryNotFound))
async def get_summary(summary_id: UUID, session: Reading, by: Reader) -> SummaryOut:
    """A summary with its figures (汇总报告)."""
    summary = await queries.summary(session, summary_id, by)
    return _out(summary, [part for part, _ in await queries.parts_of(session, summary_id)])


@router.get(
    "/{summary_id}/document",
    response_class=Response,
    dependencies=[audited("summary.downloaded")],
    responses=problem_responses(SummaryNotFound),
)
async def get_summary_document(summary_id: UUID, session: Reading, by: Reader) -> Response:
    """The canonical JSON whose SHA-256 is the summary's digest: figures with the ids of their rows (校验文件)."""
    summary = await queries.summary(session, summary_id, by)
    document = await queries.whole_document(session, summary)
    return Response(canonical(document), media_type="application/json", headers={"ETag": f'"{summary.digest}"'})


@router.get(
    "/{summary_id}/document.pdf",
    response_class=Response,
    dependencies=[audited("summary.printed")],
    responses={200: {"content": {_PDF: {}}}, **problem_responses(SummaryNotFound, CampaignNotFound)},
)
async def get_summary_pdf(summary_id: UUID, session: Reading, by: Reader) -> Response:
    """The summary as an official report (汇总报告PDF)."""
    summary = await queries.summary(session, summary_id, by)
    of_campaign = await campaign(session, summary.campaign_id)
    return Response(pdf(summary, of_campaign.model_dump()), media_type=_PDF)


@router.get(
    "/{summary_id}/figures/{key}/rows",
    response_model=Page[CountedRow],
    dependencies=[audited("counted_rows.listed")],
    responses=problem_responses(SummaryNotFound, FigureNotFound),
)
async def list_counted_rows(
    summary_id: UUID,
    key: FigureKey,
    session: Reading,
    by: Reader,
    paging: Paging,
    part: Literal["counted", "of"] = "counted",
    city: _Group = None,
    priority_group: _Group = None,
    body: _Group = None,
) -> Response:
    """The rows behind a figure, or behind one cell of its breakdown; `of` are those of the denominator of a ratio (指标明细)."""
    summary = await queries.summary(session, summary_id, by)
    rows = queries.counted_rows(summary, key, part, city=city, priority_group=priority_group, body=body)
    return await page(session, rows, paging, by=[col(SummaryRow.row_id)])


@router.post(
    "/{summary_id}/submission",
    responses=problem_responses(SummaryNotFound, SummaryTransition, RoundNotOpen, RoundClosed),
)
async def submit_summary(summary_id: UUID, session: Transaction, by: CityLead) -> SummaryOut:
    """Submit a summary with annexes 3 and 4 to the province (报送省局); after the due day it is marked as late (K04)."""
    return _out(await service.submit(session, summary_id, by=by), [])


@router.post("/{summary_id}/return", responses=problem_responses(SummaryNotFound, SummaryTransition, SamePerson))
async def return_summary(summary_id: UUID, body: GroundIn, session: Transaction, by: ProvAdmin) -> SummaryOut:
    """Return a summary to its city (退回)."""
    return _out(await service.send_back(session, summary_id, body.ground, by=by), [])


@router.post("/{summary_id}/acceptance", responses=problem_responses(SummaryNotFound, SummaryTransition, SamePerson))
async def accept_summary(summary_id: UUID, session: Transaction, by: ProvAdmin) -> SummaryOut:
    """Accept a city's summary (接收)."""
    return _out(await service.accept(session, summary_id, by=by), [])


@merged.post("", status_code=201, responses=problem_responses(CampaignNotFound, RoundNotOpen, RoundClosed, SummariesMissing))
async def merge_summaries(body: MergedIn, session: Transaction, by: ProvAdmin) -> SummaryOut:
    """Merge the accepted summaries of a round into the province's and close the round (全省汇总)."""
    summary = await service.merge(session, body, by=by)
    return _out(summary, [part for part, _ in await queries.parts_of(session, summary.summary_id)])
