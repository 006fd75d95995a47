"""Certificates: registered, and updated from a newer export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic_core import to_json
from sqlmodel import col, select

from services.registry.models import Certificate, CertificateEvent
from services.registry.queries.histories import histories
from services.registry.rules.certificates import Document, content_of
from services.registry.rules.history import StatusChange, StatusSnapshot, differences, first_history, snapshot_on
from services.registry.rules.parties import PARTY_ROLES
from services.registry.service import deadlines, events
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session, driver

_DAYS = ("status_since", "suspend_until", "first_issued_on", "issued_on", "expires_on", "reported_on")
_COLUMNS = tuple(Certificate.model_fields)
_EVENT_COLUMNS = tuple(CertificateEvent.model_fields)
_INSERT_NAMES = "INSERT INTO party_name SELECT unnest($1::text[]) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the content of a certificate comes from: the channel, who entered it, and the SHA-256 of the file."""

    channel: str
    by: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A validated certificate, its content as JSON text, and the SHA-256 of that text."""

    document: Document
    text: str
    digest: str

    @classmethod
    def of(cls, document: Document) -> "Entry":
        """The entry of a validated certificate."""
        return cls(document, *content_of(document))


async def register(session: Session, entries: Sequence[Entry], source: Source) -> None:
    """Register new certificates, with the history that their own dates give."""
    if not entries:
        return
    today = legal_day(session.now)
    rows, changes = [], []
    for entry in entries:
        document = entry.document
        history = first_history(document)
        snapshot = snapshot_on(history, today)
        assert snapshot is not None
        values = certificate_values(session, entry, source) | status_values(snapshot)
        rows.append(_copy_record(values))
        number = document["certificate_no"]
        changes += [event_values(session, number, sequence, change, source) for sequence, change in enumerate(history, start=1)]
        events.certificate_registered(session, values)
    connection = await driver(session)
    await connection.copy_records_to_table("certificate", records=rows, columns=_COLUMNS)
    records = [tuple(change[column] for column in _EVENT_COLUMNS) for change in changes]
    await connection.copy_records_to_table("certificate_event", records=records, columns=_EVENT_COLUMNS)
    await store_editions(session, entries)
    await deadlines.open_renewals(session, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])


async def update(session: Session, entries: Sequence[Entry], source: Source) -> None:
    """Take over the content of a newer export; a status that differs becomes a status event that the body had not reported."""
    if not entries:
        return
    certificates = await _locked(session, [entry.document["certificate_no"] for entry in entries])
    history_of = await histories(session, list(certificates))
    for entry in entries:
        number = entry.document["certificate_no"]
        certificate, history = certificates[number], history_of[number]
        changes = differences(entry.document, history)
        snapshot = snapshot_on([*history, *changes], legal_day(session.now))
        assert snapshot is not None
        values = certificate_values(session, entry, source) | status_values(snapshot)
        expired_on = certificate.expires_on
        certificate.sqlmodel_update(values)
        await deadlines.update_renewal(session, expired_on, certificate, None)
        events.certificate_registered(session, values)
        for sequence, change in enumerate(changes, start=len(history) + 1):
            session.add(CertificateEvent(**event_values(session, number, sequence, change, source)))
            events.certificate_status_changed(session, certificate, change)
    await store_editions(session, entries)


def certificate_values(session: Session, entry: Entry, source: Source) -> dict[str, Any]:
    """The columns of a certificate, without those of its status."""
    document = entry.document
    parties = [document[role] for role in PARTY_ROLES]
    days = {field: _day(document[field]) for field in _DAYS}
    return {
        **document,
        **days,
        "party_usccs": sorted({party["uscc"] for party in parties if party["uscc"]}),
        "party_names": sorted({party["name"] for party in parties if party["name"]}),
        "source": source.channel,
        "source_hash": source.sha256,
        "content_hash": entry.digest,
        "imported_at": session.now,
    }


def status_values(snapshot: StatusSnapshot) -> dict[str, Any]:
    """The columns of a certificate's status."""
    return {
        "status": snapshot.status,
        "status_since": snapshot.since,
        "status_reason_code": snapshot.reason_code,
        "suspend_until": snapshot.suspend_until,
    }


def event_values(session: Session, number: str, sequence: int, change: StatusChange, source: Source) -> dict[str, Any]:
    """The columns of a history row."""
    return {
        "id": new_id(),
        "certificate_no": number,
        "sequence": sequence,
        "change": change.change,
        "status": change.status,
        "effective_on": change.effective_on,
        "published_on": change.published_on,
        "reason_code": change.reason_code,
        "suspend_until": change.suspend_until,
        "affected_models": list(change.affected_models),
        "expires_on": change.expires_on,
        "edition": change.edition,
        "declaration_no": change.declaration_no,
        "explanation": change.explanation,
        "source": source.channel,
        "recorded_by": source.by,
        "recorded_at": session.now,
    }


async def _locked(session: Session, numbers: Sequence[str]) -> dict[str, Certificate]:
    where = col(Certificate.certificate_no).in_(numbers)
    rows = select(Certificate).where(where).order_by(col(Certificate.certificate_no)).with_for_update()
    return {row.certificate_no: row for row in await session.exec(rows)}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _copy_record(values: dict[str, Any]) -> tuple[Any, ...]:
    """The row as COPY takes it: parties as JSON text."""
    written = values | {role: to_json(values[role]).decode() for role in PARTY_ROLES}
    return tuple(written[column] for column in _COLUMNS)


_INSERT_EDITIONS = """
INSERT INTO certificate_edition (id, certificate_no, edition, issued_on, expires_on, content, content_hash, recorded_at)
SELECT id, number, edition, issued, expires, content::jsonb, hash, $8
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[])
    AS new (id, number, edition, issued, expires, content, hash)
ON CONFLICT DO NOTHING
"""


async def store_editions(session: Session, entries: Sequence[Entry]) -> None:
    """Store the content of each new edition, and the names of the parties for the search."""
    editions = [
        (new_id(), d["certificate_no"], d["edition"], _day(d["issued_on"]), _day(d["expires_on"]), entry.text, entry.digest)
        for entry in entries
        for d in (entry.document,)
    ]
    names = {entry.document[role]["name"] for entry in entries for role in PARTY_ROLES}
    connection = await driver(session)
    await connection.execute(_INSERT_EDITIONS, *map(list, zip(*editions, strict=True)), session.now)
    await connection.execute(_INSERT_NAMES, sorted(names))
