"""The statutory deadlines of the registry: the application for renewal (K34) and the objection to a failed sampling (K36)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.registry.models import Certificate, SamplingFailure
from services.registry.rules.status_machine import terminal
from shared import deadline_records
from shared.core.clock import legal_day
from shared.core.errors import NotFound
from shared.database.session import Session
from shared.deadline_records import Subject
from shared.deadline_records.opening import Term
from shared.deadline_records.subject import named
from shared.security import audit
from shared.security.auth import Caller
from shared.vocabulary import CertificateStatus, StatusEvent

RENEWAL, OBJECTION = "K34", "K36"
_MAX_OBJECTION = timedelta(days=60)
"""More than the term of an objection with any roll-over: a result notified earlier cannot be objected to any more."""


async def open_renewals(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Open the renewal deadline (K34) of certificates, given by their columns, that have neither ended nor expired."""
    today = legal_day(session.now)
    renewable = [row for row in rows if _is_renewable(row["status"], row["expires_on"], today)]
    await deadline_records.open_many(session, [(_subject(row), RENEWAL, Term(row["expires_on"])) for row in renewable])


async def update_renewal(session: Session, expired_on: date, certificate: Certificate, change: StatusEvent | None) -> None:
    """Meet, waive or reopen the renewal deadline (K34) of a certificate after a change.

    `expired_on` is its last day before the change; `change` is the event that the body reported, None for one from an export.
    """
    subject_id = named("certificate", certificate.certificate_no)
    if certificate.status in terminal():
        await deadline_records.waive(session, subject_id, [RENEWAL], f"certificate {certificate.status}")
    elif certificate.expires_on != expired_on:
        if change in {StatusEvent.EXTEND, StatusEvent.RENEW}:
            await deadline_records.meet(session, subject_id, [RENEWAL], accept_late=True)
        else:
            await deadline_records.waive(session, subject_id, [RENEWAL], f"expires {certificate.expires_on}")
        await open_renewals(session, [certificate.model_dump(include=_SUBJECT_COLUMNS)])


_SUBJECT_COLUMNS = {"certificate_no", "status", "expires_on", "city", "county"}


def _is_renewable(status: CertificateStatus, expires_on: date, today: date) -> bool:
    return status not in terminal() and expires_on >= today


def _subject(row: Mapping[str, Any]) -> Subject:
    number = row["certificate_no"]
    return Subject("certificate", named("certificate", number), number, row["city"], row["city"], row["county"])


async def open_objection(session: Session, failure: SamplingFailure) -> None:
    """Open the objection deadline (K36) from the day on which the result was notified, unless it is over."""
    notified_on, today = failure.reported_on, legal_day(session.now)
    if notified_on is None or notified_on < today - _MAX_OBJECTION:
        return
    subject = Subject("sampling_failure", failure.failure_id, failure.sampling_no, failure.city, failure.city, failure.county)
    await deadline_records.waive(session, failure.failure_id, [OBJECTION], "entry corrected")
    await deadline_records.open_deadline(session, subject, OBJECTION, Term(notified_on))


async def record_objection(session: Session, failure_id: UUID, document: str, *, by: Caller) -> None:
    """Record an objection to a sampling result.

    Raises:
        NotFound: the caller's jurisdiction does not reach the result.
        ActTooLate: the term is over, the result is taken as accepted.
    """
    jurisdiction = by.within(col(SamplingFailure.city), col(SamplingFailure.county))
    rows = select(SamplingFailure.failure_id).where(col(SamplingFailure.failure_id) == failure_id, jurisdiction)
    if (await session.exec(rows)).one_or_none() is None:
        raise NotFound
    await deadline_records.meet(session, failure_id, [OBJECTION], by=by)
    audit.record(session, by, "sampling_result.objection_recorded", failure_id, document=document)
