"""Self-declarations entered by hand (自我声明)."""

from typing import Any

from services.registry.errors import CertificateNumberTaken, RowRejected
from services.registry.models import Certificate
from services.registry.queries.certificates import revoked_on
from services.registry.rules.certificates import ValidationResult, enterprise_of, validate
from services.registry.rules.status_rules import require_no_bar
from services.registry.rules.validation_rules import rule
from services.registry.schemas.certificates import DeclarationIn, DeclaredParty
from services.registry.service import certificates, enterprises
from services.registry.service.certificates import Entry, Source
from services.registry.service.imports.worker import lock_registration
from shared.core.clock import legal_day
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller

DECLARED_BY = "自我声明"
"""Written as the name of the certification body: a declaration has none."""


async def register(session: Session, body: DeclarationIn, *, by: Caller) -> Certificate:
    """Register a self-declaration.

    Raises:
        RowRejected: its values break a rule that an imported row would have to pass.
        CertificateNumberTaken: the number is registered.
        ReapplicationBarred: one of the producer for this product was revoked shortly before.
    """
    result = validate(_row(body), [], today=legal_day(session.now), legacy=False)
    if result.document is None:
        raise RowRejected(_first_error(result), pointer="/declaration_no")
    await lock_registration(session)
    if await session.get(Certificate, body.declaration_no) is not None:
        raise CertificateNumberTaken(pointer="/declaration_no")
    require_no_bar(await revoked_on(session, body.producer.uscc, body.product_category_code), body.declared_on)
    await enterprises.register(session, [enterprise_of(result.document)])
    await certificates.register(session, [Entry.of(result.document)], Source("manual", by.subject))
    audit.record(session, by, "declaration.registered", body.declaration_no)
    registered = await session.get(Certificate, body.declaration_no)
    assert registered is not None
    return registered


def _row(body: DeclarationIn) -> dict[str, Any]:
    """The declaration with the fields of an imported row."""
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


def _first_error(result: ValidationResult) -> str:
    errors = (rule(issue.code) for issue in result.issues if rule(issue.code).rejects)
    return next(f"{error.message_zh} · {error.message_en}" for error in errors)
