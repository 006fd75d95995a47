"""What sampling does on the facts of others."""

from services.sampling.service import replica
from shared.database.session import Session
from shared.deadline_records import calendar_handlers
from shared.events import Delivery
from shared.events.inspection import InspectionCompleted, ObjectNotified
from shared.events.registry import (
    CertificateRegistered,
    CertificateStatusChanged,
    EnterpriseRegistered,
    SamplingFailureRecorded,
)
from shared.messaging import Handlers


async def on_enterprise_registered(session: Session, event: EnterpriseRegistered, _: Delivery) -> None:
    """An organisation enters the object library, or its entry is corrected."""
    await replica.register_organisation(session, event)


async def on_certificate_registered(session: Session, event: CertificateRegistered, _: Delivery) -> None:
    """A certificate links an organisation to the scope of campaigns."""
    await replica.register_certificate(session, event)


async def on_certificate_status_changed(session: Session, event: CertificateStatusChanged, _: Delivery) -> None:
    """A certificate may leave or enter the scope."""
    await replica.change_status(session, event)


async def on_sampling_failure_recorded(session: Session, event: SamplingFailureRecorded, _: Delivery) -> None:
    """An organisation joins the second priority population."""
    await replica.record_failure(session, event)


async def on_object_notified(session: Session, event: ObjectNotified, _: Delivery) -> None:
    """The assignment's object knows of the inspection."""
    await replica.record_notice(session, event)


async def on_inspection_completed(session: Session, event: InspectionCompleted, _: Delivery) -> None:
    """The organisation was inspected this year, and by whom."""
    await replica.record_inspection(session, event)


HANDLERS: Handlers = {
    EnterpriseRegistered: on_enterprise_registered,
    CertificateRegistered: on_certificate_registered,
    CertificateStatusChanged: on_certificate_status_changed,
    SamplingFailureRecorded: on_sampling_failure_recorded,
    ObjectNotified: on_object_notified,
    InspectionCompleted: on_inspection_completed,
    **calendar_handlers.HANDLERS,
}
