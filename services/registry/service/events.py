"""The events that the registry publishes."""

from collections.abc import Mapping
from typing import Any

from services.registry.models import Certificate, Enterprise, SamplingFailure
from services.registry.rules.history import StatusChange
from services.registry.rules.reference_data import CatalogueItem
from shared.database.session import Session
from shared.events.registry import (
    CatalogueItemPublished,
    CertificateRegistered,
    CertificateStatusChanged,
    EnterpriseRegistered,
    SamplingFailureRecorded,
)
from shared.messaging import emit


def enterprise_registered(session: Session, enterprise: Enterprise) -> None:
    """An enterprise was registered, or its entry was corrected."""
    emit(session, EnterpriseRegistered(**enterprise.model_dump()))


def certificate_registered(session: Session, values: Mapping[str, Any]) -> None:
    """A certificate was registered, or has a new edition; `values` are the columns of its table."""
    emit(session, CertificateRegistered(**values))


def certificate_status_changed(session: Session, certificate: Certificate, change: StatusChange) -> None:
    """A certification body changed the status of a certificate."""
    emit(
        session,
        CertificateStatusChanged(
            certificate_no=certificate.certificate_no,
            change=change.change,
            status=change.status,
            effective_on=change.effective_on,
            reason_code=change.reason_code,
            suspend_until=change.suspend_until,
            affected_models=change.affected_models,
            body_code=certificate.body_code,
            enterprise_uscc=certificate.enterprise_uscc,
        ),
    )


def sampling_failure_recorded(session: Session, failure: SamplingFailure) -> None:
    """A failed sampling was recorded, or its entry changed."""
    fields = failure.model_dump(include={*SamplingFailureRecorded.model_fields} - {"failed_on"})
    emit(session, SamplingFailureRecorded(**fields, failed_on=failure.reported_on))


def catalogue_item_published(item: CatalogueItem) -> CatalogueItemPublished:
    """The event of a product in the catalogue; it is emitted where its content is new."""
    return CatalogueItemPublished(
        product_category_code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        priority_group=item.priority_group,
        acceptance_from=item.acceptance_from,
        mandatory_from=item.mandatory_from,
        announcement=item.announcement,
        valid_to=item.validity.valid_to,
    )
