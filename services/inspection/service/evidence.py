"""Evidence: received, its type detected from its content, stored for good; every step of its custody recorded."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from services.inspection import clients
from services.inspection.errors import EvidenceMetadataMissing, EvidenceTypeNotAccepted
from services.inspection.models import CustodyEvent, Evidence
from services.inspection.queries import evidence as queries
from services.inspection.queries import findings, inspections
from services.inspection.rules import reference_data
from services.inspection.rules.filetype import detect_type
from services.inspection.rules.states import RectificationEvent, require_rectification
from services.inspection.schemas.evidence import CustodyIn, EvidenceMetadata, Original
from services.inspection.service.locking import lock_for_record, lock_rectification
from shared.core.ids import new_id
from shared.database.session import ReadSession, Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import EvidenceKind

Owner = tuple[UUID, UUID | None]
"""The inspection that evidence belongs to, and the rectification that it proves."""


def storage_key(evidence: Evidence) -> str:
    """The key of the file in the evidence store."""
    return f"evidence/{evidence.inspection_id}/{evidence.id}"


async def add(
    session: Session, inspection_id: UUID, metadata: EvidenceMetadata, chunks: AsyncIterator[bytes], *, by: Caller
) -> Evidence:
    """Store one file of the team. Where the transaction fails afterwards, the file stays in the store without an entry.

    Raises:
        InspectionNotFound: the caller sees no such inspection.
        TransitionForbidden: the record is not open.
        EvidenceMetadataMissing: what the law requires of a copy or of electronic data is missing.
        EvidenceTypeNotAccepted: the content is not of a type accepted for this kind.
        BodyTooLarge: the file is larger than its kind allows.
    """
    await inspections.get_inspection(session, inspection_id, by=by)

    async def owner() -> Owner:
        await lock_for_record(session, inspection_id, by=by)
        return inspection_id, None

    return await _store(session, metadata, chunks, owner, by)


async def add_for_rectification(
    session: Session, rectification_id: UUID, metadata: EvidenceMetadata, chunks: AsyncIterator[bytes], *, by: Caller
) -> Evidence:
    """Store one file of the object that proves a rectification which it has not reported yet.

    Raises:
        RectificationNotFound: the caller sees no such rectification.
        TransitionForbidden: it was reported before.
        EvidenceMetadataMissing: what the law requires of a copy or of electronic data is missing.
        EvidenceTypeNotAccepted: the content is not of a type accepted for this kind.
        BodyTooLarge: the file is larger than its kind allows.
    """
    await findings.get_rectification(session, rectification_id, by=by)

    async def owner() -> Owner:
        rectification, _ = await lock_rectification(session, rectification_id, by=by)
        require_rectification(rectification.state, RectificationEvent.REPORT)
        return rectification.inspection_id, rectification.id

    return await _store(session, metadata, chunks, owner, by)


async def _store(
    session: Session, metadata: EvidenceMetadata, chunks: AsyncIterator[bytes], owner: Callable[[], Awaitable[Owner]], by: Caller
) -> Evidence:
    """Receive a file, check it, and enter it for its owner; `owner` locks and is called after the file has been received."""
    _require_capture(metadata)
    evidence_id = new_id()
    received = await clients.receive(chunks, f"incoming/{evidence_id}", reference_data.evidence_rules().limit(metadata.kind))
    try:
        file_type = _type_of(received, metadata.kind)
        inspection_id, rectification_id = await owner()
    except BaseException:
        await clients.discard(received.key)
        raise
    evidence = Evidence(
        id=evidence_id,
        inspection_id=inspection_id,
        rectification_id=rectification_id,
        no=await inspections.next_no(session, Evidence, inspection_id),
        kind=metadata.kind,
        file_name=metadata.file_name,
        file_type=file_type,
        media_type=reference_data.evidence_rules().media_types[file_type],
        size=received.size,
        sha256=received.sha256,
        sm3=received.sm3,
        original=metadata.original,
        capture=metadata.capture(),
        uploaded_by=by.subject,
        uploaded_at=session.now,
    )
    await clients.store_as(received, storage_key(evidence))
    session.add(evidence)
    await session.flush()
    _add_first_custody(session, evidence, metadata, by)
    audit.record(session, by, "evidence.added", evidence.id, inspection=str(inspection_id), sha256=received.sha256)
    return evidence


def _require_capture(metadata: EvidenceMetadata) -> None:
    rules, captured = reference_data.evidence_rules(), metadata.capture()
    required = rules.required_for_copy if metadata.original is Original.VERIFIED_COPY else ()
    if metadata.kind is EvidenceKind.ELECTRONIC_DATA:
        required += rules.required_for_electronic
    if missing := [name for name in required if name not in captured]:
        raise EvidenceMetadataMissing("、".join(missing), pointer=f"query/{missing[0]}", missing=missing)


def _type_of(received: clients.ReceivedFile, kind: EvidenceKind) -> str:
    accepted = reference_data.evidence_rules().types(kind)
    detected = detect_type(received.head, received.tail, accepted)
    if detected is None:
        raise EvidenceTypeNotAccepted(accepted=list(accepted))
    return detected


def _add_first_custody(session: Session, evidence: Evidence, metadata: EvidenceMetadata, by: Caller) -> None:
    if metadata.captured_at is not None:
        taken_by = metadata.captured_by or by.subject
        session.add(CustodyEvent(evidence_id=evidence.id, event="captured", by=taken_by, at=metadata.captured_at))
    session.add(CustodyEvent(evidence_id=evidence.id, event="uploaded", by=by.subject, at=session.now))


async def add_custody_event(session: Session, evidence_id: UUID, body: CustodyIn, *, by: Caller) -> Evidence:
    """Add a step to the chain of custody.

    Raises:
        EvidenceNotFound: the caller sees no such evidence.
    """
    evidence = await queries.get_evidence(session, evidence_id, by=by)
    step = CustodyEvent(evidence_id=evidence_id, by=by.subject, at=session.now, **body.model_dump())
    session.add(step)
    audit.record(session, by, f"evidence.{body.event}", evidence_id, to=body.to)
    return evidence


async def open_file(session: ReadSession, evidence_id: UUID, *, by: Caller) -> tuple[Evidence, AsyncIterator[bytes]]:
    """A piece of evidence and the bytes of its file, in chunks.

    Raises:
        EvidenceNotFound: the caller sees no such evidence.
    """
    evidence = await queries.get_evidence(session, evidence_id, by=by)
    return evidence, clients.read_chunks(storage_key(evidence))
