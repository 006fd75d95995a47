"""Routes of evidence: upload, lists, the file, the chain of custody."""

from base64 import b64encode
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import StreamingResponse
from sqlmodel import col

from services.inspection import errors
from services.inspection.api.callers import Inspector, LeadOrInspector, ObjectContact, Reader, ReaderOrObject
from services.inspection.models import Evidence
from services.inspection.queries import evidence as queries
from services.inspection.queries import findings, inspections
from services.inspection.rules import reference_data
from services.inspection.schemas.evidence import CustodyIn, EvidenceOut, EvidenceQuery, EvidenceSummary
from services.inspection.service import evidence
from shared.core.errors import BodyTooLarge, Forbidden
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.pagination import Page, Paging, page
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

MAX_FILE_BYTES = max(reference_data.evidence_rules().max_bytes.values())

inspection_router = APIRouter(
    prefix="/v1/inspections/{inspection_id}/evidence",
    route_class=ServiceRoute,
    tags=["evidence 证据"],
    max_body_size=MAX_FILE_BYTES,
)
rectification_router = APIRouter(
    prefix="/v1/rectifications/{rectification_id}/evidence",
    route_class=ServiceRoute,
    tags=["evidence 证据"],
    max_body_size=MAX_FILE_BYTES,
)
router = APIRouter(prefix="/v1/evidence", route_class=ServiceRoute, tags=["evidence 证据"])

_RAW = {
    "requestBody": {
        "required": True,
        "description": "the file itself (文件内容)",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@inspection_router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=_RAW,
    responses=problem_responses(
        Forbidden,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.EvidenceTypeNotAccepted,
        errors.EvidenceMetadataMissing,
        BodyTooLarge,
    ),
)
async def add_evidence(
    inspection_id: UUID, about: Annotated[EvidenceQuery, Query()], request: Request, by: Inspector, session: Transaction
) -> EvidenceOut:
    """Upload one file as it is; its type is judged by its content, and it is never overwritten (上传证据)."""
    found = await evidence.add(session, inspection_id, about, request.stream(), by=by)
    return await queries.detail(session, found)


@inspection_router.get(
    "",
    response_model=Page[EvidenceSummary],
    dependencies=[audited("evidence.listed")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound),
)
async def list_evidence(inspection_id: UUID, by: Reader, session: Reading, paging: Paging) -> Response:
    """Evidence of an inspection (证据列表)."""
    await inspections.inspection(session, inspection_id, by)
    return await page(session, queries.evidence_list(by, inspection_id), paging, by=[col(Evidence.no)])


@rectification_router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=_RAW,
    responses=problem_responses(
        Forbidden,
        errors.RectificationNotFound,
        errors.TransitionForbidden,
        errors.EvidenceTypeNotAccepted,
        errors.EvidenceMetadataMissing,
        BodyTooLarge,
    ),
)
async def add_rectification_evidence(
    rectification_id: UUID,
    about: Annotated[EvidenceQuery, Query()],
    request: Request,
    by: ObjectContact,
    session: Transaction,
) -> EvidenceOut:
    """Upload one file that shows the correction, before it is reported (上传整改证据)."""
    found = await evidence.show_correction(session, rectification_id, about, request.stream(), by=by)
    return await queries.detail(session, found)


@rectification_router.get(
    "",
    response_model=Page[EvidenceSummary],
    dependencies=[audited("rectification_evidence.listed")],
    responses=problem_responses(Forbidden, errors.RectificationNotFound),
)
async def list_rectification_evidence(rectification_id: UUID, by: ReaderOrObject, session: Reading, paging: Paging) -> Response:
    """What the object has shown of its correction (整改证据列表)."""
    await findings.rectification(session, rectification_id, by)
    return await page(session, queries.evidence_of_rectification(by, rectification_id), paging, by=[col(Evidence.no)])


@router.get(
    "/{evidence_id}",
    dependencies=[audited("evidence.described")],
    responses=problem_responses(Forbidden, errors.EvidenceNotFound),
)
async def get_evidence(evidence_id: UUID, by: Reader, session: Reading) -> EvidenceOut:
    """A piece of evidence with its digests and its chain of custody (证据详情)."""
    return await queries.detail(session, await queries.evidence(session, evidence_id, by))


@router.post(
    "/{evidence_id}/custody",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(Forbidden, errors.EvidenceNotFound),
)
async def add_custody(evidence_id: UUID, body: CustodyIn, by: LeadOrInspector, session: Transaction) -> EvidenceOut:
    """Note a step in the chain of custody (证据流转)."""
    return await queries.detail(session, await evidence.hand_on(session, evidence_id, body, by=by))


@router.get(
    "/{evidence_id}/content",
    response_class=Response,
    dependencies=[audited("evidence.read")],
    responses=problem_responses(Forbidden, errors.EvidenceNotFound) | {200: {"content": {"application/octet-stream": {}}}},
)
async def get_evidence_content(evidence_id: UUID, by: Reader, session: Reading) -> StreamingResponse:
    """The file; each reading is noted in the audit trail (下载证据)."""
    found, chunks = await evidence.open_file(session, evidence_id, by=by)
    headers = {
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
        "Repr-Digest": f"sha-256=:{_base64(found.sha256)}:",
    }
    return StreamingResponse(chunks, media_type=found.media_type, headers=headers)


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
