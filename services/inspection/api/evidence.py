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
from services.inspection.schemas.evidence import CustodyIn, EvidenceMetadata, EvidenceOut, EvidenceSummary
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
    inspection_id: UUID, metadata: Annotated[EvidenceMetadata, Query()], request: Request, by: Inspector, session: Transaction
) -> EvidenceOut:
    """Upload one file as it is; its type is detected from its content, and it is never overwritten (上传证据)."""
    added = await evidence.add(session, inspection_id, metadata, request.stream(), by=by)
    return await queries.evidence_out(session, added)


@inspection_router.get(
    "",
    response_model=Page[EvidenceSummary],
    dependencies=[audited("evidence.listed")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound),
)
async def list_evidence(inspection_id: UUID, by: Reader, session: Reading, paging: Paging) -> Response:
    """List the evidence of an inspection (证据列表)."""
    await inspections.get_inspection(session, inspection_id, by=by)
    return await page(session, queries.evidence_of_inspection(inspection_id, by=by), paging, by=[col(Evidence.no)])


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
    metadata: Annotated[EvidenceMetadata, Query()],
    request: Request,
    by: ObjectContact,
    session: Transaction,
) -> EvidenceOut:
    """Upload one file that proves the rectification, before it is reported (上传整改证据)."""
    added = await evidence.add_for_rectification(session, rectification_id, metadata, request.stream(), by=by)
    return await queries.evidence_out(session, added)


@rectification_router.get(
    "",
    response_model=Page[EvidenceSummary],
    dependencies=[audited("rectification_evidence.listed")],
    responses=problem_responses(Forbidden, errors.RectificationNotFound),
)
async def list_rectification_evidence(rectification_id: UUID, by: ReaderOrObject, session: Reading, paging: Paging) -> Response:
    """List the evidence of a rectification (整改证据列表)."""
    await findings.get_rectification(session, rectification_id, by=by)
    return await page(session, queries.evidence_of_rectification(rectification_id, by=by), paging, by=[col(Evidence.no)])


@router.get(
    "/{evidence_id}", dependencies=[audited("evidence.read")], responses=problem_responses(Forbidden, errors.EvidenceNotFound)
)
async def get_evidence(evidence_id: UUID, by: Reader, session: Reading) -> EvidenceOut:
    """Get a piece of evidence with its digests and its chain of custody (证据详情)."""
    return await queries.evidence_out(session, await queries.get_evidence(session, evidence_id, by=by))


@router.post(
    "/{evidence_id}/custody-events",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(Forbidden, errors.EvidenceNotFound),
)
async def add_custody_event(evidence_id: UUID, body: CustodyIn, by: LeadOrInspector, session: Transaction) -> EvidenceOut:
    """Add a step to the chain of custody (证据流转)."""
    return await queries.evidence_out(session, await evidence.add_custody_event(session, evidence_id, body, by=by))


@router.get(
    "/{evidence_id}/content",
    response_class=Response,
    dependencies=[audited("evidence.downloaded")],
    responses=problem_responses(Forbidden, errors.EvidenceNotFound) | {200: {"content": {"application/octet-stream": {}}}},
)
async def get_evidence_content(evidence_id: UUID, by: Reader, session: Reading) -> StreamingResponse:
    """Get the file; each download is recorded in the audit trail (下载证据)."""
    opened, chunks = await evidence.open_file(session, evidence_id, by=by)
    headers = {
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
        "Repr-Digest": f"sha-256=:{_base64(opened.sha256)}:",
    }
    return StreamingResponse(chunks, media_type=opened.media_type, headers=headers)


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
