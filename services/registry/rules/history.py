"""The status of a certificate on any day, read from its history and never from what it is today (FP5, O117 29)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry.rules.certificates import Document
from services.registry.rules.status_machine import machine, terminal
from shared.vocabulary import CertificateStatus, StatusEvent

RUNNING = frozenset({CertificateStatus.VALID, CertificateStatus.SUSPENDED})
"""States that end by themselves on the last day of validity."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One status event in a history; with `affected_models` it concerns these alone."""

    change: StatusEvent
    status: CertificateStatus
    effective_on: date
    reason_code: str | None = None
    suspend_until: date | None = None
    affected_models: tuple[str, ...] = ()
    expires_on: date | None = None
    edition: str | None = None
    published_on: date | None = None
    declaration_no: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """The status of a certificate or model on a day: since when, until when valid, and why."""

    status: CertificateStatus
    since: date
    expires_on: date | None
    reason_code: str | None = None
    suspend_until: date | None = None


def snapshot_on(history: Iterable[StatusChange], day: date, model: str | None = None) -> StatusSnapshot | None:
    """The status of a certificate, or of one of its models, on `day`; None before its first issue.

    `history` is in the order of the events. One that the status does not allow, as on a model revoked by itself, has no effect.
    """
    snapshot = latest_snapshot((change for change in history if change.effective_on <= day), model)
    return snapshot if snapshot is None else _with_expiry(snapshot, day)


def latest_snapshot(history: Iterable[StatusChange], model: str | None = None) -> StatusSnapshot | None:
    """The status after the last event of a history, whether or not the validity has ended since; None for an empty one."""
    snapshot: StatusSnapshot | None = None
    for change in history:
        if _concerns(change, model):
            snapshot = _after(snapshot, change)
    return snapshot


def _concerns(change: StatusChange, model: str | None) -> bool:
    return not change.affected_models or model in change.affected_models


def _after(snapshot: StatusSnapshot | None, change: StatusChange) -> StatusSnapshot:
    expires = change.expires_on or (snapshot.expires_on if snapshot else None)
    if snapshot is not None and (snapshot.status in terminal() or not _is_allowed(snapshot, change)):
        return snapshot
    since = snapshot.since if snapshot is not None and snapshot.status is change.status else change.effective_on
    return StatusSnapshot(change.status, since, expires, change.reason_code, change.suspend_until)


def _is_allowed(snapshot: StatusSnapshot, change: StatusChange) -> bool:
    return snapshot.status is change.status or snapshot.status in machine().transition(change.change).sources


def _with_expiry(snapshot: StatusSnapshot, day: date) -> StatusSnapshot:
    if snapshot.status in RUNNING and snapshot.expires_on is not None and snapshot.expires_on < day:
        return StatusSnapshot(CertificateStatus.EXPIRED, snapshot.expires_on + timedelta(days=1), snapshot.expires_on)
    return snapshot


def affected_models(history: Sequence[StatusChange], models: Iterable[str], day: date) -> list[str]:
    """The models whose status on `day` was not that of the certificate as a whole."""
    whole = snapshot_on(history, day)
    named = {model for change in history for model in change.affected_models}
    return [
        m for m in models if m in named and (own := snapshot_on(history, day, m)) and whole and own.status is not whole.status
    ]


def first_history(document: Document) -> list[StatusChange]:
    """The history of a certificate as far as its first row in an export shows it.

    A renewed certificate was in force until its renewal: only the day of the first issue and the present edition are published.
    """
    issued, first = _day(document["issued_on"]), _day(document["first_issued_on"])
    expires = _day(document["expires_on"])
    valid = CertificateStatus.VALID
    history = [StatusChange(StatusEvent.ISSUE, valid, first, expires_on=expires if issued == first else issued, edition=None)]
    if issued != first:
        history.append(StatusChange(StatusEvent.RENEW, valid, issued, expires_on=expires, edition=document["edition"]))
    return history + differences(document, history)


def differences(document: Document, history: Sequence[StatusChange]) -> list[StatusChange]:
    """The status changes that an export shows and the history lacks: a new last day or edition, a published status that differs.

    A status older than the last event on record is not a difference.
    """
    snapshot, last = latest_snapshot(history), history[-1].effective_on
    assert snapshot is not None
    assert snapshot.expires_on is not None
    changes = [*_new_edition(document, snapshot, last)] if snapshot.status is CertificateStatus.VALID else []
    status = CertificateStatus(document["status"])
    expired = status is CertificateStatus.EXPIRED and snapshot.status in RUNNING and _has_expired(document)
    if status is snapshot.status or expired:
        return changes
    change = _change_to(document, status, last)
    return [*changes, change] if change.effective_on >= last else changes


def _new_edition(document: Document, snapshot: StatusSnapshot, last: date) -> Iterator[StatusChange]:
    expires = _day(document["expires_on"])
    if expires != snapshot.expires_on:
        longer = snapshot.expires_on is not None and expires > snapshot.expires_on
        change = StatusEvent.RENEW if longer else StatusEvent.CHANGE
        effective = max(_day(document["issued_on"]), last)
        yield StatusChange(change, snapshot.status, effective, expires_on=expires, edition=document["edition"])


def _change_to(document: Document, status: CertificateStatus, last: date) -> StatusChange:
    events = [StatusEvent(event) for event in machine().events()]
    change = next(e for e in events if machine().transition(e).target is status and e not in _NOT_FROM_AN_EXPORT)
    effective, until = _status_day(document), document["suspend_until"]
    return StatusChange(change, status, effective or last, document["status_reason_code"], _day(until) if until else None)


def _has_expired(document: Document) -> bool:
    """Whether the last day in a row with status expired is before the day of that status."""
    day = _status_day(document)
    return day is None or _day(document["expires_on"]) < day


def _status_day(document: Document) -> date | None:
    published = document["status_since"] or document["reported_on"]
    return _day(published) if published else None


_NOT_FROM_AN_EXPORT = {StatusEvent.ISSUE, StatusEvent.CHANGE, StatusEvent.EXTEND, StatusEvent.RENEW, StatusEvent.CONVERT}


def _day(text: str) -> date:
    return date.fromisoformat(text)
