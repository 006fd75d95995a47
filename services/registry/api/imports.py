"""Routes of imports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request, Response, status
from fastapi.responses import StreamingResponse
from sqlmodel import col

from services.registry.api.callers import Administrator, ImportReader
from services.registry.errors import UnsupportedFileType, YearRequired
from services.registry.models import ImportRejection, ImportRun
from services.registry.models.imports import ImportKind
from services.registry.queries import imports as queries
from services.registry.rules.validation_rules import limit
from services.registry.schemas.imports import ImportOut, RejectionOut, Severity
from services.registry.service import imports
from shared.core.errors import BodyTooLarge, NotFound
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page, single
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute


@asynccontextmanager
async def _working(app: FastAPI) -> AsyncIterator[None]:
    """Import what is received, beside the requests; an import that a stop cuts off begins anew at the next start."""
    worker = asyncio.create_task(imports.keep_working(app.state.database), name="imports")
    yield
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker


router = APIRouter(prefix="/v1/imports", route_class=ServiceRoute, tags=["imports 数据导入"], lifespan=_working)
Year = Annotated[int | None, Query(ge=2000, le=2100, description="of the list of failed samplings 抽查年度")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": _BINARY,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _BINARY,
        },
    }
}


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problem_responses(UnsupportedFileType, YearRequired, BodyTooLarge)
    | {200: {"model": ImportOut, "description": "重复导入"}},
    max_body_size=limit("upload"),
    openapi_extra=_BODY,
)
async def import_file(
    request: Request,
    response: Response,
    by: Administrator,
    session: Transaction,
    kind: Annotated[ImportKind, Query(description="导入类别")],
    year: Year = None,
    legacy: Annotated[bool, Query(description="accept early 12-digit numbers 历史证书")] = False,
) -> ImportOut:
    """Receive a file of certificates or of failed samplings, CSV or XLSX, to be imported in the background (数据导入).

    Its import tells how far it has come. A bad row never spoils a good one; a broken file changes nothing and leaves an import
    in state `failed`; the same file again answers 200 with the earlier import.
    """
    media, asked = request.headers.get("content-type", ""), imports.Request(kind, year, legacy)
    run, repeated = await imports.receive(session, request.stream(), media, asked, by=by)
    response.headers["Location"] = f"/v1/imports/{run.id}"
    if repeated:
        response.status_code = status.HTTP_200_OK
    return ImportOut.model_validate(run).model_copy(update={"repeated": repeated})


@router.get("", response_model=Page[ImportOut], dependencies=[audited("imports.listed")], responses=problem_responses())
async def list_imports(_: ImportReader, session: Reading, paging: Paging) -> Response:
    """List imports, the newest first (导入记录)."""
    return await page(session, queries.runs(), paging, by=[col(ImportRun.id)], descending=True)


@router.get(
    "/{import_id}", response_model=ImportOut, dependencies=[audited("import.read")], responses=problem_responses(NotFound)
)
async def get_import(import_id: UUID, _: ImportReader, session: Reading) -> Response:
    """Read an import: how far it has come, and its counts (导入进度与结果)."""
    return await single(session, queries.runs(import_id))


@router.get(
    "/{import_id}/rejections",
    response_model=Page[RejectionOut],
    dependencies=[audited("rejections.listed")],
    responses=problem_responses(NotFound)
    | {200: {"content": {"text/csv": {}}, "description": "the report, as JSON pages or one CSV file"}},
)
async def list_rejections(
    request: Request,
    import_id: UUID,
    _: ImportReader,
    session: Reading,
    paging: Paging,
    severity: Severity | None = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Read the report of faults, row by row, as JSON pages or as one CSV file (校验报告)."""
    await queries.require(session, import_id)
    if form == "csv":
        report = queries.report(request.app.state.database, import_id, severity)
        return StreamingResponse(report, media_type="text/csv; charset=utf-8")
    return await page(session, queries.rejections(import_id, severity), paging, by=[col(ImportRejection.place)])
