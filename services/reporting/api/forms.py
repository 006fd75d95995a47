"""Annex 3, Annex 4 and the ledger: as JSON pages and as workbooks."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import TypeAdapter

from services.reporting.api.callers import City, Reader
from services.reporting.documents.workbook import MEDIA_TYPE
from services.reporting.errors import CampaignNotFound
from services.reporting.queries import Scope, forms, scope_of
from services.reporting.rules.enums import Round
from services.reporting.schemas import FormRow
from services.reporting.service.exports import export
from shared.core.clock import legal_day
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, PageRequest, Paging
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/campaigns/{campaign_id}", route_class=ServiceRoute, tags=["forms 附件与台账"])
_ROWS = TypeAdapter(list[dict[str, Any]])
_XLSX: dict[str, Any] = {
    "response_class": Response,
    "responses": {200: {"content": {MEDIA_TYPE: {}}}, **problem_responses(CampaignNotFound)},
}


def _scope(campaign_id: UUID, by: Reader, city: City = None) -> Scope:
    return scope_of(campaign_id, by, city)


RequestedScope = Annotated[Scope, Depends(_scope)]


def _page(rows: Sequence[Mapping[str, Any]], paging: PageRequest, keys: Sequence[str]) -> Response:
    """A page of rows that were read up to one more than the limit; `keys` are what the cursor is made of."""
    of_page = rows[: paging.limit]
    cursor = paging.cursor([str(of_page[-1][key]) for key in keys]) if len(rows) > paging.limit else None
    items = _ROWS.dump_json([{name: value for name, value in row.items() if not name.startswith("_")} for row in of_page])
    tail = b"null" if cursor is None else f'"{cursor}"'.encode()
    return Response(b'{"items":' + items + b',"next":' + tail + b"}", media_type="application/json")


def _after(paging: PageRequest) -> int:
    return int(paging.after[0]) if paging.after else 0


def _file(content: bytes, name: str) -> Response:
    return Response(content, media_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


@router.get(
    "/annex-3", response_model=Page[FormRow], dependencies=[audited("annex3.read")], responses=problem_responses(CampaignNotFound)
)
async def list_annex_3(session: Reading, scope: RequestedScope, paging: Paging, round: Round = Round.INTERIM) -> Response:  # noqa: A002  (the field's own term)
    """Annex 3, one row an inspected object (附件3 结果汇总表)."""
    today = legal_day(session.now)
    rows = await forms.annex_3(session, scope, round, today, after=_after(paging), limit=paging.limit + 1)
    return _page(rows, paging, ["no"])


@router.get("/annex-3.xlsx", **_XLSX)
async def export_annex_3(session: Transaction, scope: RequestedScope, round: Round = Round.INTERIM) -> Response:  # noqa: A002
    """Annex 3 as a workbook (附件3 导出); the export is audited."""
    rows = await forms.annex_3(session, scope, round, legal_day(session.now))
    return _file(await export(session, "annex3", scope, round, rows), f"annex-3-{round}-{scope.org}")


@router.get(
    "/annex-4", response_model=Page[FormRow], dependencies=[audited("annex4.read")], responses=problem_responses(CampaignNotFound)
)
async def list_annex_4(session: Reading, scope: RequestedScope, paging: Paging, round: Round = Round.INTERIM) -> Response:  # noqa: A002
    """Annex 4, one row a case (附件4 案件信息表)."""
    today = legal_day(session.now)
    rows = await forms.annex_4(session, scope, round, today, after=_after(paging), limit=paging.limit + 1)
    return _page(rows, paging, ["no"])


@router.get("/annex-4.xlsx", **_XLSX)
async def export_annex_4(session: Transaction, scope: RequestedScope, round: Round = Round.INTERIM) -> Response:  # noqa: A002
    """Annex 4 as a workbook (附件4 导出); the export is audited."""
    rows = await forms.annex_4(session, scope, round, legal_day(session.now))
    return _file(await export(session, "annex4", scope, round, rows), f"annex-4-{round}-{scope.org}")


@router.get(
    "/ledger", response_model=Page[FormRow], dependencies=[audited("ledger.read")], responses=problem_responses(CampaignNotFound)
)
async def list_ledger(session: Reading, scope: RequestedScope, paging: Paging) -> Response:
    """The ledger of findings as of today (问题处理跟踪台账)."""
    after = forms.after_keys(paging.after) if paging.after else []
    rows = await forms.ledger_rows(session, scope, legal_day(session.now), *after, limit=paging.limit + 1)
    return _page(rows, paging, ["_city", "uscc", "finding_id"])


@router.get("/ledger.xlsx", **_XLSX)
async def export_ledger(session: Transaction, scope: RequestedScope) -> Response:
    """The ledger as a workbook (台账导出); the export is audited."""
    rows = await forms.ledger_rows(session, scope, legal_day(session.now))
    return _file(await export(session, "ledger", scope, None, rows), f"ledger-{scope.org}")
