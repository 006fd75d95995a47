"""Certificates enter the registry and take the content of a newer export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic_core import to_json
from sqlmodel import col, select

from services.registry.models import Certificate, CertificateEvent
from services.registry.queries.histories import histories
from services.registry.rules.certificates import Document, content_of
from services.registry.rules.history import Past, Standing, differences, first_history, standing
from services.registry.rules.parties import PARTY_ROLES
from services.registry.service import deadlines
from services.registry.service import events as events_service
from shared.core.clock import legal_day
from shared.core.ids import new_id
from shared.database.session import Session, driver

_DAYS = ("status_since", "suspend_until", "first_issued_on", "issued_on", "expires_on", "reported_on")
_COLUMNS = tuple(Certificate.model_fields)
_EVENT = tuple(CertificateEvent.model_fields)
_NAMES = "INSERT INTO party_name SELECT unnest($1::text[]) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts about certificates come from: the way, who brought them, and the digest of the file."""

    way: str
    by: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked certificate, what it says as JSON text, and the digest of that text."""

    document: Document
    text: str
    digest: str

    @classmethod
    def of(cls, document: Document) -> "Entry":
        """The entry of a checked certificate."""
        return cls(document, *content_of(document))


async def register(session: Session, entries: Sequence[Entry], source: Source) -> None:
    """Enter certificates that nobody knew, with the history that they tell of themselves."""
    if not entries:
        return
    today = legal_day(session.now)
    rows, pasts = [], []
    for entry in entries:
        document = entry.document
        history = first_history(document)
        now = standing(history, today)
        assert now is not None
        values = values_of(session, entry, source) | status_values(now)
        rows.append(_record(values))
        pasts += [event_values(session, document["certificate_no"], i, past, source) for i, past in enumerate(history, start=1)]
        events_service.registered(session, values)
    connection = await driver(session)
    await connection.copy_records_to_table("certificate", records=rows, columns=_COLUMNS)
    events = [tuple(past[column] for column in _EVENT) for past in pasts]
    await connection.copy_records_to_table("certificate_event", records=events, columns=_EVENT)
    await remember_text(session, entries)
    await deadlines.open_renewals(session, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])


async def update(session: Session, entries: Sequence[Entry], source: Source) -> None:
    """Take the content of a newer export; a status that differs is an act of the body that we had not heard of."""
    if not entries:
        return
    known = await _locked(session, [entry.document["certificate_no"] for entry in entries])
    pasts = await histories(session, list(known))
    for entry in entries:
        document = entry.document
        number = document["certificate_no"]
        before, news = pasts[number], differences(document, pasts[number])
        now = standing([*before, *news], legal_day(session.now))
        assert now is not None
        values = values_of(session, entry, source) | status_values(now)
        was = known[number].expires_on
        known[number].sqlmodel_update(values)
        await deadlines.renewal_after(session, was, known[number], None)
        events_service.registered(session, values)
        for sequence, act in enumerate(news, start=len(before) + 1):
            session.add(CertificateEvent(**event_values(session, number, sequence, act, source)))
            events_service.changed(session, known[number], act)
    await remember_text(session, entries)


def values_of(session: Session, entry: Entry, source: Source) -> dict[str, Any]:
    """The columns of a certificate, those of its status aside."""
    document = entry.document
    people = [document[role] for role in PARTY_ROLES]
    days = {field: _day(document[field]) for field in _DAYS}
    return {
        **document,
        **days,
        "party_usccs": sorted({party["uscc"] for party in people if party["uscc"]}),
        "party_names": sorted({party["name"] for party in people if party["name"]}),
        "source": source.way,
        "source_hash": source.sha256,
        "content_hash": entry.digest,
        "imported_at": session.now,
    }


def status_values(now: Standing) -> dict[str, Any]:
    """The columns that tell how a certificate stands."""
    return {
        "status": now.status,
        "status_since": now.since,
        "status_reason_code": now.reason_code,
        "suspend_until": now.suspend_until,
    }


def event_values(session: Session, number: str, sequence: int, past: Past, source: Source) -> dict[str, Any]:
    """The columns of a history row."""
    return {
        "id": new_id(),
        "certificate_no": number,
        "sequence": sequence,
        "change": past.change,
        "status": past.status,
        "effective_on": past.effective_on,
        "published_on": past.published_on,
        "reason_code": past.reason_code,
        "suspend_until": past.suspend_until,
        "affected_models": list(past.affected_models),
        "expires_on": past.expires_on,
        "edition": past.edition,
        "declaration_no": past.declaration_no,
        "explanation": past.explanation,
        "source": source.way,
        "recorded_by": source.by,
        "recorded_at": session.now,
    }


async def _locked(session: Session, numbers: Sequence[str]) -> dict[str, Certificate]:
    where = col(Certificate.certificate_no).in_(numbers)
    rows = select(Certificate).where(where).order_by(col(Certificate.certificate_no)).with_for_update()
    return {row.certificate_no: row for row in await session.exec(rows)}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _record(values: dict[str, Any]) -> tuple[Any, ...]:
    """The row as COPY takes it: parties as JSON text."""
    written = values | {role: to_json(values[role]).decode() for role in PARTY_ROLES}
    return tuple(written[column] for column in _COLUMNS)


_TEXTS = """
INSERT INTO certificate_edition (id, certificate_no, edition, issued_on, expires_on, content, content_hash, recorded_at)
SELECT id, number, edition, issued, expires, content::jsonb, hash, $8
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[])
    AS new (id, number, edition, issued, expires, content, hash)
ON CONFLICT DO NOTHING
"""


async def remember_text(session: Session, entries: Sequence[Entry]) -> None:
    """Keep what each edition said, and the names by which it can be found."""
    texts = [
        (new_id(), d["certificate_no"], d["edition"], _day(d["issued_on"]), _day(d["expires_on"]), one.text, one.digest)
        for one in entries
        for d in (one.document,)
    ]
    names = {one.document[role]["name"] for one in entries for role in PARTY_ROLES}
    connection = await driver(session)
    await connection.execute(_TEXTS, *map(list, zip(*texts, strict=True)), session.now)
    await connection.execute(_NAMES, sorted(names))
