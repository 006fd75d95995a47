"""The statutory terms of the registry: the application for renewal (K34) and the objection to a failed sampling (K36)."""

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
_LONGEST = timedelta(days=60)
"""More than the term of an objection with any roll-over: what was told earlier cannot be objected to any more."""


async def open_renewals(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let the term for the renewal of certificates (their columns) run, as far as they have not ended or expired."""
    today = legal_day(session.now)
    alive = [row for row in rows if _renewable(row["status"], row["expires_on"], today)]
    await deadline_records.open_many(session, [(_certificate(row), RENEWAL, Term(row["expires_on"])) for row in alive])


async def renewal_after(session: Session, before: date, certificate: Certificate, change: StatusEvent | None) -> None:
    """What a new last day or the end of a certificate means for the term of its renewal; `change` is the body's act, if known."""
    subject_id = named("certificate", certificate.certificate_no)
    if certificate.status in terminal():
        await deadline_records.waive(session, subject_id, [RENEWAL], f"certificate {certificate.status}")
    elif certificate.expires_on != before:
        if change in {StatusEvent.EXTEND, StatusEvent.RENEW}:
            await deadline_records.meet(session, subject_id, [RENEWAL], accept_late=True)
        else:
            await deadline_records.waive(session, subject_id, [RENEWAL], f"expires {certificate.expires_on}")
        await open_renewals(session, [certificate.model_dump(include=_ABOUT)])


_ABOUT = {"certificate_no", "status", "expires_on", "city", "county"}


def _renewable(status: CertificateStatus, expires_on: date, today: date) -> bool:
    return status not in terminal() and expires_on >= today


def _certificate(row: Mapping[str, Any]) -> Subject:
    number = row["certificate_no"]
    return Subject("certificate", named("certificate", number), number, row["city"], row["city"], row["county"])


async def open_objection(session: Session, failure: SamplingFailure) -> None:
    """Let the term for an objection run from the day on which the result was told, unless it is over."""
    told, today = failure.reported_on, legal_day(session.now)
    if told is None or told < today - _LONGEST:
        return
    subject = Subject("sampling_failure", failure.failure_id, failure.sampling_no, failure.city, failure.city, failure.county)
    await deadline_records.waive(session, failure.failure_id, [OBJECTION], "entry corrected")
    await deadline_records.open_deadline(session, subject, OBJECTION, Term(told))


async def object_to(session: Session, failure_id: UUID, document: str, *, by: Caller) -> None:
    """Put an objection to a sampling result on record.

    Raises:
        NotFound: the caller's jurisdiction does not reach the result.
        ActTooLate: the term is over, the result is taken as accepted.
    """
    place = by.within(col(SamplingFailure.city), col(SamplingFailure.county))
    rows = select(SamplingFailure.failure_id).where(col(SamplingFailure.failure_id) == failure_id, place)
    if (await session.exec(rows)).one_or_none() is None:
        raise NotFound
    await deadline_records.meet(session, failure_id, [OBJECTION], by=by)
    audit.record(session, by, "sampling_result.objected", failure_id, document=document)
