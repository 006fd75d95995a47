"""Self-declarations entered by hand (自我声明)."""

from typing import Any

from services.registry.errors import CertificateNumberTaken, NotAcceptable
from services.registry.models import Certificate
from services.registry.queries.certificates import revoked_on
from services.registry.rules.certificates import Judgement, judge
from services.registry.rules.status_rules import require_no_bar
from services.registry.rules.validation_rules import rule
from services.registry.schemas.certificates import DeclarationIn, DeclaredParty
from services.registry.service import certificates, enterprises
from services.registry.service.certificates import Entry, Source
from services.registry.service.holders import holder_of
from services.registry.service.imports.worker import hold_registering
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller

DECLARED_BY = "自我声明"
"""Stands in the place of the certification body: a declaration has none."""


async def declare(session: Session, body: DeclarationIn, *, by: Caller) -> Certificate:
    """Register a self-declaration.

    Raises:
        NotAcceptable: its values break a rule that an imported row would have to pass.
        CertificateNumberTaken: the number is registered.
        ReapplicationBarred: one of the producer for this product was revoked shortly before.
    """
    found = judge(_row(body), [], today=legal_day(session.now), legacy=False)
    if found.document is None:
        raise NotAcceptable(_first_reason(found), pointer="/declaration_no")
    await hold_registering(session)
    if await session.get(Certificate, body.declaration_no) is not None:
        raise CertificateNumberTaken(pointer="/declaration_no")
    require_no_bar(await revoked_on(session, body.producer.uscc, body.product_category_code), body.declared_on)
    await enterprises.register(session, [holder_of(found.document)])
    await certificates.register(session, [Entry.of(found.document)], Source("manual", by.subject))
    audit.record(session, by, "declaration.registered", body.declaration_no)
    registered = await session.get(Certificate, body.declaration_no)
    assert registered is not None
    return registered


def _row(body: DeclarationIn) -> dict[str, Any]:
    """The declaration in the words of an imported row."""
    factory = body.factory or body.producer
    return {
        "certificate_no": body.declaration_no,
        "route": "self_declaration",
        "status": "valid",
        "issued_on": body.declared_on,
        "expires_on": body.expires_on,
        "body_name": DECLARED_BY,
        "product_category_code": body.product_category_code,
        "product_name": body.product_name,
        "models": body.models,
        "standards": body.standards,
        **_party("applicant", body.producer),
        **_party("manufacturer", body.producer),
        **_party("factory", factory),
    }


def _party(role: str, party: DeclaredParty) -> dict[str, str]:
    return {
        f"{role}_name": party.name,
        f"{role}_uscc": party.uscc,
        f"{role}_region_code": party.division,
        f"{role}_address": party.address,
    }


def _first_reason(found: Judgement) -> str:
    return next(f"{rule(c.code).message_zh} · {rule(c.code).message_en}" for c in found.complaints if rule(c.code).rejects)
