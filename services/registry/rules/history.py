"""The status of a certificate on any day, read from its history and never from what it is today (FP5, O117 29)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry.rules.certificates import Document
from services.registry.rules.status_machine import terminal, transitions
from shared.vocabulary import CertificateStatus, StatusEvent

RUNNING = frozenset({CertificateStatus.VALID, CertificateStatus.SUSPENDED})
"""States that end by themselves on the last day of validity."""


@dataclass(frozen=True, slots=True)
class Past:
    """One act in a history; with `affected_models` it concerns these alone."""

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
class Standing:
    """A status, since when, and why."""

    status: CertificateStatus
    since: date
    expires_on: date | None
    reason_code: str | None = None
    suspend_until: date | None = None


def standing(history: Iterable[Past], day: date, model: str | None = None) -> Standing | None:
    """How a certificate, or one of its models, stood on `day`; None before its first issue.

    `history` is in the order of the acts. One that the state does not allow, as on a model revoked by itself, has no effect.
    """
    now = last_state((past for past in history if past.effective_on <= day), model)
    return now if now is None else _with_expiry(now, day)


def last_state(history: Iterable[Past], model: str | None = None) -> Standing | None:
    """What the acts in a history led to; that validity may have ended since is not looked at."""
    now: Standing | None = None
    for past in history:
        if _concerns(past, model):
            now = _after(now, past)
    return now


def _concerns(past: Past, model: str | None) -> bool:
    return not past.affected_models or model in past.affected_models


def _after(now: Standing | None, past: Past) -> Standing:
    expires = past.expires_on or (now.expires_on if now else None)
    if now is not None and (now.status in terminal() or not _leads_on(now, past)):
        return now
    since = now.since if now is not None and now.status is past.status else past.effective_on
    return Standing(past.status, since, expires, past.reason_code, past.suspend_until)


def _leads_on(now: Standing, past: Past) -> bool:
    return now.status is past.status or now.status in transitions()[past.change].come_from


def _with_expiry(now: Standing, day: date) -> Standing:
    if now.status in RUNNING and now.expires_on is not None and now.expires_on < day:
        return Standing(CertificateStatus.EXPIRED, now.expires_on + timedelta(days=1), now.expires_on)
    return now


def affected(history: Sequence[Past], models: Iterable[str], day: date) -> list[str]:
    """The models that stood otherwise than the certificate as a whole on `day`."""
    whole = standing(history, day)
    named = {model for past in history for model in past.affected_models}
    return [m for m in models if m in named and (one := standing(history, day, m)) and whole and one.status is not whole.status]


def first_history(document: Document) -> list[Past]:
    """What a certificate's past must have been, from the row that first told of it.

    A renewed certificate was in force until its renewal: only the day of the first issue and the present edition are published.
    """
    issued, first = _day(document["issued_on"]), _day(document["first_issued_on"])
    expires = _day(document["expires_on"])
    valid = CertificateStatus.VALID
    past = [Past(StatusEvent.ISSUE, valid, first, expires_on=expires if issued == first else issued, edition=None)]
    if issued != first:
        past.append(Past(StatusEvent.RENEW, valid, issued, expires_on=expires, edition=document["edition"]))
    return past + differences(document, past)


def differences(document: Document, history: Sequence[Past]) -> list[Past]:
    """The acts that an export tells of and the history does not hold: a new last day or edition, a published status that differs.

    A status older than the last act on record is no news.
    """
    now, last = last_state(history), history[-1].effective_on
    assert now is not None
    assert now.expires_on is not None
    found = [*_new_text(document, now, last)] if now.status is CertificateStatus.VALID else []
    status = CertificateStatus(document["status"])
    if status is now.status or (status is CertificateStatus.EXPIRED and now.status in RUNNING and _ended(document)):
        return found
    act = _turned(document, status, last)
    return [*found, act] if act.effective_on >= last else found


def _new_text(document: Document, now: Standing, last: date) -> Iterator[Past]:
    expires = _day(document["expires_on"])
    if expires != now.expires_on:
        longer = now.expires_on is not None and expires > now.expires_on
        change = StatusEvent.RENEW if longer else StatusEvent.CHANGE
        effective = max(_day(document["issued_on"]), last)
        yield Past(change, now.status, effective, expires_on=expires, edition=document["edition"])


def _turned(document: Document, status: CertificateStatus, last: date) -> Past:
    change = next(c for c, t in transitions().items() if t.to is status and c not in _OTHER_WAYS)
    told, until = document["status_since"] or document["reported_on"], document["suspend_until"]
    return Past(change, status, _day(told) if told else last, document["status_reason_code"], _day(until) if until else None)


def _ended(document: Document) -> bool:
    """Whether a row that says expired has a last day that explains it."""
    told = document["status_since"] or document["reported_on"]
    return told is None or _day(document["expires_on"]) < _day(told)


_OTHER_WAYS = {StatusEvent.ISSUE, StatusEvent.CHANGE, StatusEvent.EXTEND, StatusEvent.RENEW, StatusEvent.CONVERT}


def _day(text: str) -> date:
    return date.fromisoformat(text)
