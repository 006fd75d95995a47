"""Evidence: received, judged by its content, kept for good; every step of its custody noted."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from services.inspection import clients
from services.inspection.errors import EvidenceMetadataMissing, EvidenceTypeNotAccepted
from services.inspection.models import CustodyEvent, Evidence
from services.inspection.queries import evidence as reading
from services.inspection.queries import findings, inspections
from services.inspection.rules import reference_data
from services.inspection.rules.filetype import file_type
from services.inspection.rules.states import require_rectification
from services.inspection.schemas.evidence import CustodyIn, EvidenceQuery, Original
from services.inspection.service.locking import locked_for_team, locked_rectification
from shared.core.ids import new_id
from shared.database.session import ReadSession, Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import EvidenceKind

Place = tuple[UUID, UUID | None]
"""The inspection that evidence belongs to, and the order whose correction it shows."""


def place_of(evidence: Evidence) -> str:
    """The name under which the file lies in the store."""
    return f"evidence/{evidence.inspection_id}/{evidence.id}"


async def add(
    session: Session, inspection_id: UUID, about: EvidenceQuery, chunks: AsyncIterator[bytes], *, by: Caller
) -> Evidence:
    """Take in one file of the team. Where the transaction fails afterwards, the file stays in the store without an entry."""
    await inspections.inspection(session, inspection_id, by)

    async def place() -> Place:
        await locked_for_team(session, inspection_id, by)
        return inspection_id, None

    return await _take_in(session, about, chunks, place, by)


async def show_correction(
    session: Session, rectification_id: UUID, about: EvidenceQuery, chunks: AsyncIterator[bytes], *, by: Caller
) -> Evidence:
    """Take in one file of the object that shows a correction which it has still to report."""
    await findings.rectification(session, rectification_id, by)

    async def place() -> Place:
        order, _ = await locked_rectification(session, rectification_id, by)
        require_rectification("report", order.state)
        return order.inspection_id, order.id

    return await _take_in(session, about, chunks, place, by)


async def _take_in(
    session: Session, about: EvidenceQuery, chunks: AsyncIterator[bytes], place: Callable[[], Awaitable[Place]], by: Caller
) -> Evidence:
    """Receive a file, judge it, and enter it where `place` allows, which locks and is asked after the file has come."""
    _require_capture(about)
    identity = new_id()
    received = await clients.receive(chunks, f"incoming/{identity}", reference_data.evidence_rules().limit(about.kind))
    try:
        found = _type_of(received, about.kind)
        inspection_id, rectification_id = await place()
    except BaseException:
        await clients.discard(received.key)
        raise
    evidence = Evidence(
        id=identity,
        inspection_id=inspection_id,
        rectification_id=rectification_id,
        no=await inspections.next_no(session, Evidence, inspection_id),
        kind=about.kind,
        file_name=about.file_name,
        file_type=found,
        media_type=reference_data.evidence_rules().media_types[found],
        size=received.size,
        sha256=received.sha256,
        sm3=received.sm3,
        original=about.original,
        capture=about.capture(),
        uploaded_by=by.subject,
        uploaded_at=session.now,
    )
    await clients.keep(received, place_of(evidence))
    session.add(evidence)
    await session.flush()
    _note_arrival(session, evidence, about, by)
    audit.record(session, by, "evidence.added", evidence.id, inspection=str(inspection_id), sha256=received.sha256)
    return evidence


def _require_capture(about: EvidenceQuery) -> None:
    rules, noted = reference_data.evidence_rules(), about.capture()
    required = rules.required_for_copy if about.original is Original.VERIFIED_COPY else ()
    if about.kind is EvidenceKind.ELECTRONIC_DATA:
        required += rules.required_for_electronic
    if missing := [name for name in required if name not in noted]:
        raise EvidenceMetadataMissing("、".join(missing), pointer=f"query/{missing[0]}", missing=missing)


def _type_of(received: clients.Received, kind: EvidenceKind) -> str:
    accepted = reference_data.evidence_rules().types(kind)
    found = file_type(received.head, received.tail, accepted)
    if found is None:
        raise EvidenceTypeNotAccepted(accepted=list(accepted))
    return found


def _note_arrival(session: Session, evidence: Evidence, about: EvidenceQuery, by: Caller) -> None:
    if about.captured_at is not None:
        taken_by = about.captured_by or by.subject
        session.add(CustodyEvent(evidence_id=evidence.id, event="captured", by=taken_by, at=about.captured_at))
    session.add(CustodyEvent(evidence_id=evidence.id, event="uploaded", by=by.subject, at=session.now))


async def hand_on(session: Session, evidence_id: UUID, body: CustodyIn, *, by: Caller) -> Evidence:
    """Add a step to the chain of custody."""
    evidence = await reading.evidence(session, evidence_id, by)
    step = CustodyEvent(evidence_id=evidence_id, by=by.subject, at=session.now, **body.model_dump())
    session.add(step)
    audit.record(session, by, f"evidence.{body.event}", evidence_id, to=body.to)
    return evidence


async def open_file(session: ReadSession, evidence_id: UUID, *, by: Caller) -> tuple[Evidence, AsyncIterator[bytes]]:
    """The file of a piece of evidence."""
    evidence = await reading.evidence(session, evidence_id, by)
    return evidence, clients.read(place_of(evidence))
