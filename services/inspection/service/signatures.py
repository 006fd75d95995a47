"""Signatures under Annex 2. Each is bound to the sheet as it stands; a refusal to sign is noted as a normal path."""

from typing import Any
from uuid import UUID

from services.inspection.errors import AlreadySigned, NotOnTeam, SignatoryNotAllowed
from services.inspection.models import Inspection, Signature
from services.inspection.queries import inspections
from services.inspection.queries.sheet import content_of
from services.inspection.queries.visibility import on_team
from services.inspection.rules import sheet, states
from services.inspection.rules.states import Act
from services.inspection.schemas.signatures import (
    ExpertSigns,
    InspectorSigns,
    ObjectRefuses,
    ObjectSigns,
    SignatureIn,
)
from services.inspection.service.locking import locked
from shared import audit
from shared.auth import Caller
from shared.db import Session
from shared.terms import Role


async def sign(session: Session, inspection_id: UUID, body: SignatureIn, *, by: Caller) -> Signature:
    """Put one signature, or the note of a refusal, under the sheet as it stands."""
    inspection = await locked(session, inspection_id, by)
    states.after(Act.RECORD, inspection.state)
    signature = Signature(
        inspection_id=inspection_id,
        content_hash=sheet.content_hash(await content_of(session, inspection)),
        signed_at=session.now,
        taken_by=by.subject,
        **body.model_dump(),
        **await _signatory(session, inspection, body, by),
    )
    await _require_first(session, signature)
    session.add(signature)
    audit.record(session, by, f"sheet.{body.party}", inspection_id, content_hash=signature.content_hash)
    return signature


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
            return {"signatory": inspection.uscc, "name": inspection.object["name"]}


def _require_member(inspection: Inspection, by: Caller) -> None:
    if not on_team(inspection, by):
        raise NotOnTeam


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
