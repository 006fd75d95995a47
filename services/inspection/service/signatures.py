"""Signatures under the confirmation sheet (Annex 2), bound to its content; a refusal to sign (拒签) is a normal path."""

from typing import Any
from uuid import UUID

from services.inspection.errors import AlreadySigned, ConfirmationSheetChanged, NotOnTeam, RecordingRequired, SignatoryNotAllowed
from services.inspection.models import Evidence, Inspection, Signature
from services.inspection.queries import inspections
from services.inspection.queries.confirmation_sheet import sheet_content
from services.inspection.queries.visibility import on_team
from services.inspection.rules import confirmation_sheet, states
from services.inspection.rules.states import InspectionEvent
from services.inspection.schemas.signatures import (
    ExpertSignatureIn,
    InspectorSignatureIn,
    ObjectSignatureIn,
    RefusalToSignIn,
    SignatureIn,
)
from services.inspection.service.locking import lock_inspection
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import EvidenceKind, Role


async def sign(session: Session, inspection_id: UUID, body: SignatureIn, *, by: Caller) -> Signature:
    """Add a signature, or the note of a refusal to sign, to the confirmation sheet that the signatory read.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
        ConfirmationSheetChanged: the sheet has changed since it was read.
        NotOnTeam: an inspector's signature, or a note of a refusal to sign, by one who is not on the team.
        SignatoryNotAllowed: the caller may not sign for this party.
        RecordingRequired: a refusal to sign is not proven by a recording.
        AlreadySigned: the party has signed this content.
    """
    inspection = await lock_inspection(session, inspection_id, by=by)
    states.require_allowed(inspection.state, InspectionEvent.RECORD)
    digest = confirmation_sheet.content_hash(await sheet_content(session, inspection))
    if body.content_hash != digest:
        raise ConfirmationSheetChanged(pointer="/content_hash", content_hash=digest)
    signature = Signature(
        inspection_id=inspection_id,
        signed_at=session.now,
        taken_by=by.subject,
        **_stated(body),
        **await _signatory(session, inspection, body, by),
    )
    await _require_unsigned(session, signature)
    session.add(signature)
    audit.record(session, by, f"confirmation_sheet.{body.party}", inspection_id, content_hash=signature.content_hash)
    return signature


def _stated(body: SignatureIn) -> dict[str, Any]:
    values = body.model_dump()
    return values | {"recording": str(body.recording)} if isinstance(body, RefusalToSignIn) else values


async def _signatory(session: Session, inspection: Inspection, body: SignatureIn, by: Caller) -> dict[str, Any]:
    """The columns of the signatory that the body does not state."""
    match body:
        case InspectorSignatureIn():
            _require_member(inspection, by)
            member = next(member for member in inspection.members if member["inspector_id"] == by.subject)
            return {"signatory": by.subject, "name": member["name"], "position": "检查人员"}
        case ExpertSignatureIn():
            return await _expert(session, inspection, by)
        case ObjectSignatureIn():
            if by.role is not Role.OBJECT_CONTACT and not on_team(inspection, by):
                raise SignatoryNotAllowed(pointer="/party")
            return {"signatory": inspection.uscc}
        case RefusalToSignIn():
            _require_member(inspection, by)
            await _require_recording(session, inspection, body.recording)
            return {"signatory": inspection.uscc, "name": inspection.object["name"]}


def _require_member(inspection: Inspection, by: Caller) -> None:
    if not on_team(inspection, by):
        raise NotOnTeam


async def _require_recording(session: Session, inspection: Inspection, evidence_id: UUID) -> None:
    recording = await session.get(Evidence, evidence_id)
    own = recording is not None and recording.inspection_id == inspection.id
    if recording is None or not own or recording.kind is not EvidenceKind.AUDIOVISUAL:
        raise RecordingRequired(pointer="/recording")


async def _expert(session: Session, inspection: Inspection, by: Caller) -> dict[str, Any]:
    experts = await inspections.experts_of(session, inspection.assignment_id)
    expert = next((expert for expert in experts if expert["expert_id"] == by.subject), None)
    if by.role is not Role.EXPERT or expert is None:
        raise SignatoryNotAllowed(pointer="/party")
    return {"signatory": by.subject, "name": expert["name"], "position": "技术专家"}


async def _require_unsigned(session: Session, signature: Signature) -> None:
    signatures = await inspections.signatures_of(session, signature.inspection_id)
    signed = {(row.party, row.signatory, row.content_hash) for row in signatures}
    if (signature.party, signature.signatory, signature.content_hash) in signed:
        raise AlreadySigned(pointer="/party")
