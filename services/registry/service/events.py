"""What the registry tells the other services of a certificate."""

from collections.abc import Mapping
from typing import Any

from services.registry.models import Certificate
from services.registry.rules.history import Past
from shared.database.session import Session
from shared.events.registry import CertificateRegistered, CertificateStatusChanged
from shared.messaging import emit


def registered(session: Session, values: Mapping[str, Any]) -> None:
    """Tell what a certificate says, in full; `values` are the columns of its table."""
    emit(session, CertificateRegistered(**values))


def changed(session: Session, certificate: Certificate, act: Past) -> None:
    """Tell what a certification body did to a certificate."""
    emit(
        session,
        CertificateStatusChanged(
            certificate_no=certificate.certificate_no,
            change=act.change,
            status=act.status,
            effective_on=act.effective_on,
            reason_code=act.reason_code,
            suspend_until=act.suspend_until,
            affected_models=act.affected_models,
            body_code=certificate.body_code,
            organisation_uscc=certificate.organisation_uscc,
        ),
    )
