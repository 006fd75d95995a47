"""Signatures under Annex 2. Each is bound to the sheet as it stands; a refusal to sign is noted as a normal path."""

from typing import Any
from uuid import UUID

from services.inspection.errors import AlreadySigned, NotOnTeam, RecordingRequired, SheetChanged, SignatoryNotAllowed
from services.inspection.models import Evidence, Inspection, Signature
from services.inspection.queries import inspections
from services.inspection.queries.confirmation_sheet import content_of
from services.inspection.queries.visibility import on_team
from services.inspection.rules import confirmation_sheet, states
from services.inspection.rules.states import Act
from services.inspection.schemas.signatures import (
    ExpertSigns,
    InspectorSigns,
    ObjectRefuses,
    ObjectSigns,
    SignatureIn,
)
from services.inspection.service.locking import locked
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import EvidenceKind, Role


async def sign(session: Session, inspection_id: UUID, body: SignatureIn, *, by: Caller) -> Signature:
    """Put one signature, or the note of a refusal, under the sheet that was read, if it still stands."""
    inspection = await locked(session, inspection_id, by)
    states.after(Act.RECORD, inspection.state)
    digest = confirmation_sheet.content_hash(await content_of(session, inspection))
    if body.content_hash != digest:
        raise SheetChanged(pointer="/content_hash", content_hash=digest)
    signature = Signature(
        inspection_id=inspection_id,
        signed_at=session.now,
        taken_by=by.subject,
        **_said(body),
        **await _signatory(session, inspection, body, by),
    )
    await _require_first(session, signature)
    session.add(signature)
    audit.record(session, by, f"sheet.{body.party}", inspection_id, content_hash=signature.content_hash)
    return signature


def _said(body: SignatureIn) -> dict[str, Any]:
    said = body.model_dump()
    return said | {"recording": str(body.recording)} if isinstance(body, ObjectRefuses) else said


async def _signatory(session: Session, inspection: Inspection, body: SignatureIn, by: Caller) -> dict[str, Any]:
    """Who signs, where the body does not say it itself."""
    match body:
        case InspectorSigns():
            _require_member(inspection, by)
            member = next(one for one in inspection.members if one["inspector_id"] == by.subject)
            return {"signatory": by.subject, "name": member["name"], "position": "检查人员"}
        case ExpertSigns():
            return await _expert(session, inspection, by)
        case ObjectSigns():
            if by.role is not Role.OBJECT_CONTACT and not on_team(inspection, by):
                raise SignatoryNotAllowed(pointer="/party")
            return {"signatory": inspection.uscc}
        case ObjectRefuses():
            _require_member(inspection, by)
            await _require_recording(session, inspection, body.recording)
            return {"signatory": inspection.uscc, "name": inspection.object["name"]}


def _require_member(inspection: Inspection, by: Caller) -> None:
    if not on_team(inspection, by):
        raise NotOnTeam


async def _require_recording(session: Session, inspection: Inspection, evidence_id: UUID) -> None:
    found = await session.get(Evidence, evidence_id)
    if found is None or found.inspection_id != inspection.id or found.kind is not EvidenceKind.AUDIOVISUAL:
        raise RecordingRequired(pointer="/recording")


async def _expert(session: Session, inspection: Inspection, by: Caller) -> dict[str, Any]:
    experts = await inspections.experts_of(session, inspection.assignment_id)
    found = next((one for one in experts if one["expert_id"] == by.subject), None)
    if by.role is not Role.EXPERT or found is None:
        raise SignatoryNotAllowed(pointer="/party")
    return {"signatory": by.subject, "name": found["name"], "position": "技术专家"}


async def _require_first(session: Session, signature: Signature) -> None:
    given = await inspections.signatures_of(session, signature.inspection_id)
    known = {(one.party, one.signatory, one.content_hash) for one in given}
    if (signature.party, signature.signatory, signature.content_hash) in known:
        raise AlreadySigned(pointer="/party")
