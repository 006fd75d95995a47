"""Routes of Annex 2: the sheet as JSON and PDF, and its signatures."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Response, status

from services.inspection import documents, errors
from services.inspection.api.callers import ReaderOrObject, Signatory
from services.inspection.models import Signature
from services.inspection.queries import inspections
from services.inspection.queries.confirmation_sheet import sheet_of
from services.inspection.schemas.signatures import SheetOut, SignatureIn, SignatureOut
from services.inspection.service import signatures
from shared.core.errors import Forbidden
from shared.web.audited_reads import audited
from shared.web.dependencies import Reading, Transaction
from shared.web.problems import problem_responses
from shared.web.route import ServiceRoute

router = APIRouter(prefix="/v1/inspections/{inspection_id}", route_class=ServiceRoute, tags=["confirmation sheet 问题确认表"])


@router.get(
    "/confirmation-sheet",
    dependencies=[audited("confirmation_sheet.read")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound),
)
async def get_confirmation_sheet(inspection_id: UUID, by: ReaderOrObject, session: Reading) -> SheetOut:
    """Annex 2 as it stands, with the digest that signatures are bound to (问题确认表)."""
    return await sheet_of(session, await inspections.inspection(session, inspection_id, by))


@router.get(
    "/confirmation-sheet.pdf",
    response_class=Response,
    dependencies=[audited("confirmation_sheet.printed")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound) | {200: {"content": {"application/pdf": {}}}},
)
async def print_confirmation_sheet(inspection_id: UUID, by: ReaderOrObject, session: Reading) -> Response:
    """Annex 2 as an official form (问题确认表打印件)."""
    found = await sheet_of(session, await inspections.inspection(session, inspection_id, by))
    printed = await asyncio.to_thread(documents.confirmation_sheet, found.model_dump(mode="json"))
    return Response(printed, media_type="application/pdf")


@router.post(
    "/signatures",
    status_code=status.HTTP_201_CREATED,
    response_model=SignatureOut,
    responses=problem_responses(
        Forbidden,
        errors.NotOnTeam,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.SheetChanged,
        errors.SignatoryNotAllowed,
        errors.RecordingRequired,
        errors.AlreadySigned,
    ),
)
async def sign_sheet(inspection_id: UUID, body: SignatureIn, by: Signatory, session: Transaction) -> Signature:
    """Sign the sheet that was read, or note that the object refuses to; 409 where it has changed since (签字或拒签说明)."""
    return await signatures.sign(session, inspection_id, body, by=by)
