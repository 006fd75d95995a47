"""Status events reported by certification bodies: validated, added to the history, published."""

from sqlmodel import col, select

from services.registry.errors import DeclarationUnknown
from services.registry.models import Certificate, CertificateEvent
from services.registry.queries.certificates import is_declared, visible
from services.registry.queries.histories import histories
from services.registry.rules.certificates import longest_validity
from services.registry.rules.history import StatusChange, snapshot_on
from services.registry.rules.status_rules import CertificateState, ReportedChange, validate_change
from services.registry.schemas.certificates import StatusEventIn
from services.registry.service import deadlines, events
from services.registry.service.certificates import Entry, Source, event_values, status_values, store_editions
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import StatusEvent


async def report(session: Session, number: str, body: StatusEventIn, *, by: Caller) -> CertificateEvent:
    """Record a status event of a certification body on its certificate.

    Raises:
        NotFound: the caller may see no such certificate.
        DeclarationUnknown: the certificate is converted to a declaration that is not registered.
        DomainError: the event is not allowed; see `rules.status_rules.validate_change`.
    """
    certificate = await _locked(session, number, by)
    history = (await histories(session, [number]))[number]
    longest = longest_validity(certificate.route)
    state = CertificateState(history, frozenset(certificate.models), certificate.edition, longest)
    change = validate_change(_reported(body), state, legal_day(session.now))
    if change.change is StatusEvent.CONVERT and not await is_declared(session, change.declaration_no, certificate):
        raise DeclarationUnknown(pointer="/declaration_no")
    source = Source("body_report", by.subject)
    event = CertificateEvent(**event_values(session, number, len(history) + 1, change, source))
    session.add(event)
    expired_on = certificate.expires_on
    _apply(session, certificate, [*history, change])
    await deadlines.update_renewal(session, expired_on, certificate, change.change)
    if change.edition:
        await _add_edition(session, certificate, change, body)
    effective_on = change.effective_on.isoformat()
    audit.record(session, by, "certificate.status_reported", number, change=change.change, effective_on=effective_on)
    events.certificate_status_changed(session, certificate, change)
    return event


async def _locked(session: Session, number: str, by: Caller) -> Certificate:
    rows = select(Certificate).where(col(Certificate.certificate_no) == number, visible(by)).with_for_update()
    certificate = (await session.exec(rows)).first()
    if certificate is None:
        raise NotFound
    return certificate


def _reported(body: StatusEventIn) -> ReportedChange:
    values = body.model_dump(exclude={"models", "product_name"})
    return ReportedChange(**values | {"affected_models": tuple(dict.fromkeys(body.affected_models))})


def _apply(session: Session, certificate: Certificate, history: list[StatusChange]) -> None:
    snapshot = snapshot_on(history, legal_day(session.now))
    assert snapshot is not None
    certificate.sqlmodel_update(status_values(snapshot))
    if snapshot.expires_on is not None:
        certificate.expires_on = snapshot.expires_on


async def _add_edition(session: Session, certificate: Certificate, change: StatusChange, body: StatusEventIn) -> None:
    """The content of the certificate from this event on."""
    certificate.sqlmodel_update(body.model_dump(include={"models", "product_name"}, exclude_none=True))
    certificate.edition, certificate.issued_on = change.edition or certificate.edition, change.effective_on
    entry = Entry.of(certificate.model_dump(mode="json", exclude=_NOT_CONTENT))
    certificate.content_hash = entry.digest
    await store_editions(session, [entry])
    events.certificate_registered(session, certificate.model_dump())


_NOT_CONTENT = {"party_usccs", "party_names", "source", "source_hash", "content_hash", "imported_at"}
