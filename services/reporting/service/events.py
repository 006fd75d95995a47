"""The events that reporting publishes: each function emits one, in the transaction of the change that it is about."""

from datetime import date

from services.reporting.models import Disclosure, Summary
from shared.database.session import Session
from shared.events.reporting import (
    DisclosurePublished,
    DisclosureWithdrawn,
    SummaryAccepted,
    SummaryReturned,
    SummarySubmitted,
)
from shared.messaging import emit


def summary_submitted(session: Session, summary: Summary, submitted_on: date) -> None:
    """A city submitted its summary."""
    emit(session, SummarySubmitted(**_summary_fields(summary), digest=summary.digest, submitted_on=submitted_on))


def summary_returned(session: Session, summary: Summary, ground: str) -> None:
    """The province returned a summary to its city."""
    emit(session, SummaryReturned(**_summary_fields(summary), ground=ground))


def summary_accepted(session: Session, summary: Summary, accepted_on: date) -> None:
    """The province accepted a city's summary."""
    emit(session, SummaryAccepted(**_summary_fields(summary), digest=summary.digest, accepted_on=accepted_on))


def _summary_fields(summary: Summary) -> dict[str, object]:
    return summary.model_dump(include={"summary_id", "campaign_id", "round", "city"})


def disclosure_published(session: Session, disclosure: Disclosure) -> None:
    """A disclosure became public, or the edition that corrects one."""
    fields = {"disclosure_id", "campaign_id", "kind", "digest", "published_at", "edition", "corrects"}
    emit(session, DisclosurePublished(**disclosure.model_dump(include=fields), items=len(disclosure.items)))


def disclosure_withdrawn(session: Session, disclosure: Disclosure) -> None:
    """What had been public was withdrawn."""
    fields = disclosure.model_dump(include={"disclosure_id", "campaign_id", "withdrawn_on"})
    emit(session, DisclosureWithdrawn(**fields, ground=disclosure.withdrawal_ground or ""))
