"""What certification bodies report of their certificates: checked, added to the history, told to the others."""

from sqlmodel import col, select

from services.registry.errors import DeclarationUnknown
from services.registry.models import Certificate, CertificateEvent
from services.registry.queries.certificates import declares, visible
from services.registry.queries.histories import histories
from services.registry.rules.certificates import longest_validity
from services.registry.rules.history import Past, standing
from services.registry.rules.status_rules import Act, Subject, decide
from services.registry.schemas.certificates import StatusEventIn
from services.registry.service import deadlines, events
from services.registry.service.certificates import Entry, Source, event_values, remember_text, status_values
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import StatusEvent


async def report(session: Session, number: str, body: StatusEventIn, *, by: Caller) -> CertificateEvent:
    """Record an act of a certification body on its certificate.

    Raises:
        NotFound: the caller may see no such certificate.
        DomainError: the act is not allowed; see `rules.acts`.
    """
    certificate = await _locked(session, number, by)
    history = (await histories(session, [number]))[number]
    subject = Subject(history, frozenset(certificate.models), certificate.edition, longest_validity(certificate.route))
    past = decide(_act(body), subject, legal_day(session.now))
    if past.change is StatusEvent.CONVERT and not await declares(session, past.declaration_no, certificate):
        raise DeclarationUnknown(pointer="/declaration_no")
    source = Source("body_report", by.subject)
    event = CertificateEvent(**event_values(session, number, len(history) + 1, past, source))
    session.add(event)
    was = certificate.expires_on
    _apply(session, certificate, [*history, past])
    await deadlines.renewal_after(session, was, certificate, past.change)
    if past.edition:
        await _new_edition(session, certificate, past, body)
    audit.record(
        session, by, "certificate.status_reported", number, change=past.change, effective_on=past.effective_on.isoformat()
    )
    events.changed(session, certificate, past)
    return event


async def _locked(session: Session, number: str, by: Caller) -> Certificate:
    rows = select(Certificate).where(col(Certificate.certificate_no) == number, visible(by)).with_for_update()
    certificate = (await session.exec(rows)).first()
    if certificate is None:
        raise NotFound
    return certificate


def _act(body: StatusEventIn) -> Act:
    values = body.model_dump(exclude={"models", "product_name"})
    return Act(**values | {"affected_models": tuple(dict.fromkeys(body.affected_models))})


def _apply(session: Session, certificate: Certificate, history: list[Past]) -> None:
    now = standing(history, legal_day(session.now))
    assert now is not None
    certificate.sqlmodel_update(status_values(now))
    if now.expires_on is not None:
        certificate.expires_on = now.expires_on


async def _new_edition(session: Session, certificate: Certificate, past: Past, body: StatusEventIn) -> None:
    """The text of the certificate from this act on."""
    certificate.sqlmodel_update(body.model_dump(include={"models", "product_name"}, exclude_none=True))
    certificate.edition, certificate.issued_on = past.edition or certificate.edition, past.effective_on
    entry = Entry.of(certificate.model_dump(mode="json", exclude=_LEFT_OUT))
    certificate.content_hash = entry.digest
    await remember_text(session, [entry])
    events.registered(session, certificate.model_dump())


_LEFT_OUT = {"party_usccs", "party_names", "source", "source_hash", "content_hash", "imported_at"}
