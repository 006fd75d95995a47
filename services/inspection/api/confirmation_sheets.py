"""Routes of the confirmation sheet (Annex 2): as JSON and PDF, and its signatures."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Response, status

from services.inspection import documents, errors
from services.inspection.api.callers import ReaderOrObject, Signatory
from services.inspection.models import Signature
from services.inspection.queries import inspections
from services.inspection.queries.confirmation_sheet import get_confirmation_sheet as confirmation_sheet_of
from services.inspection.schemas.signatures import ConfirmationSheetOut, SignatureIn, SignatureOut
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
async def get_confirmation_sheet(inspection_id: UUID, by: ReaderOrObject, session: Reading) -> ConfirmationSheetOut:
    """Get the confirmation sheet, with the digest that signatures are bound to (问题确认表)."""
    return await confirmation_sheet_of(session, await inspections.get_inspection(session, inspection_id, by=by))


@router.get(
    "/confirmation-sheet.pdf",
    response_class=Response,
    dependencies=[audited("confirmation_sheet.printed")],
    responses=problem_responses(Forbidden, errors.InspectionNotFound) | {200: {"content": {"application/pdf": {}}}},
)
async def get_confirmation_sheet_pdf(inspection_id: UUID, by: ReaderOrObject, session: Reading) -> Response:
    """Get the confirmation sheet as an official form (问题确认表打印件)."""
    sheet = await confirmation_sheet_of(session, await inspections.get_inspection(session, inspection_id, by=by))
    document = await asyncio.to_thread(documents.confirmation_sheet, sheet.model_dump(mode="json"))
    return Response(document, media_type="application/pdf")


@router.post(
    "/signatures",
    status_code=status.HTTP_201_CREATED,
    response_model=SignatureOut,
    responses=problem_responses(
        Forbidden,
        errors.NotOnTeam,
        errors.InspectionNotFound,
        errors.TransitionForbidden,
        errors.ConfirmationSheetChanged,
        errors.SignatoryNotAllowed,
        errors.RecordingRequired,
        errors.AlreadySigned,
    ),
)
async def sign_confirmation_sheet(inspection_id: UUID, body: SignatureIn, by: Signatory, session: Transaction) -> Signature:
    """Sign the confirmation sheet that was read, or note a refusal to sign; 409 where it has changed (签字或拒签说明)."""
    return await signatures.sign(session, inspection_id, body, by=by)
