"""Whether a certification body may do what it reports (O117 22-29): the event is checked against the certificate's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry import errors
from services.registry.rules.history import StatusChange, latest_snapshot, snapshot_on
from services.registry.rules.status_machine import Transition, longest_suspension, machine
from shared.core.months import add_months, add_years
from shared.vocabulary import StatusEvent


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """A status event as reported; with `affected_models` it concerns these alone."""

    change: StatusEvent
    effective_on: date
    published_on: date | None = None
    reason_code: str | None = None
    suspend_until: date | None = None
    affected_models: tuple[str, ...] = ()
    expires_on: date | None = None
    edition: str | None = None
    declaration_no: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateState:
    """The certificate before the event; `longest_years` is the longest validity of its route."""

    history: Sequence[StatusChange]
    models: frozenset[str]
    edition: str
    longest_years: int


def validate_change(reported: ReportedChange, certificate: CertificateState, today: date) -> StatusChange:
    """The history row of a reported event that is allowed.

    Raises:
        StatusTransitionForbidden: the body does not report such events, or the status does not allow it.
        StatusEventIncomplete: a value is missing.
        ReasonUnknown: the reason is not one of this event.
        EffectiveInFuture, StatusEventOutOfOrder: the day is after today, or before the last event on record.
        ScopeForbidden, ModelsUnknown: the event cannot concern these models alone.
        SuspensionTooLong: the last day of the suspension is beyond its term.
        RenewalWindow, ValidityTooLong: the renewal is too early or too late, or for too long (O117 22).
    """
    transition = machine().transition(reported.change)
    if not transition.reported_by_body or reported.change is StatusEvent.ISSUE:
        raise errors.StatusTransitionForbidden(f"{reported.change} is not reported", change=reported.change)
    _require_complete(reported, transition)
    _require_order(reported, certificate, today)
    _require_scope(reported, transition, certificate)
    _require_allowed(reported, transition, certificate)
    if reported.change is StatusEvent.SUSPEND:
        _require_term(reported)
    if reported.change is StatusEvent.RENEW:
        _require_window(reported, transition, certificate)
    return StatusChange(
        reported.change,
        transition.target,
        reported.effective_on,
        reported.reason_code,
        reported.suspend_until if reported.change is StatusEvent.SUSPEND else None,
        reported.affected_models,
        reported.expires_on if reported.change is StatusEvent.RENEW else None,
        _edition(reported, certificate) if transition.new_edition else None,
        reported.published_on,
        reported.declaration_no,
        reported.explanation,
    )


def _require_complete(reported: ReportedChange, transition: Transition) -> None:
    needed = (*transition.requires, *(["reason_code"] if transition.reasons else []))
    missing = [name for name in needed if getattr(reported, name) is None]
    if reported.change is StatusEvent.RENEW and reported.expires_on is None:
        missing.append("expires_on")
    if missing:
        raise errors.StatusEventIncomplete("、".join(missing), pointer=f"/{missing[0]}")
    if transition.reasons and reported.reason_code not in transition.reasons:
        raise errors.ReasonUnknown(pointer="/reason_code", allowed=sorted(transition.reasons))


def _require_order(reported: ReportedChange, certificate: CertificateState, today: date) -> None:
    if reported.effective_on > today:
        raise errors.EffectiveInFuture(pointer="/effective_on")
    if certificate.history and reported.effective_on < certificate.history[-1].effective_on:
        latest = certificate.history[-1].effective_on.isoformat()
        raise errors.StatusEventOutOfOrder(pointer="/effective_on", latest=latest)


def _require_scope(reported: ReportedChange, transition: Transition, certificate: CertificateState) -> None:
    if reported.affected_models and not transition.partial_scope:
        raise errors.ScopeForbidden(pointer="/affected_models")
    if unknown := sorted(set(reported.affected_models) - certificate.models):
        raise errors.ModelsUnknown("、".join(unknown), pointer="/affected_models")


def _require_allowed(reported: ReportedChange, transition: Transition, certificate: CertificateState) -> None:
    for model in reported.affected_models or (None,):
        snapshot = snapshot_on(certificate.history, reported.effective_on, model)
        if snapshot is None or snapshot.status not in transition.sources:
            status = snapshot.status if snapshot else None
            raise errors.StatusTransitionForbidden(model, certificate_status=status, change=reported.change)
        over = snapshot.suspend_until is not None and reported.effective_on > snapshot.suspend_until
        if transition.within_term and over:
            extensions = {"certificate_status": snapshot.status, "change": reported.change}
            raise errors.StatusTransitionForbidden("the term of suspension is over", **extensions)


def _require_term(reported: ReportedChange) -> None:
    assert reported.suspend_until is not None
    assert reported.reason_code is not None
    longest = longest_suspension(reported.reason_code)
    if not reported.effective_on < reported.suspend_until <= add_months(reported.effective_on, longest):
        raise errors.SuspensionTooLong(pointer="/suspend_until", longest_months=longest)


def _require_window(reported: ReportedChange, transition: Transition, certificate: CertificateState) -> None:
    snapshot = latest_snapshot(certificate.history)
    assert snapshot is not None
    assert snapshot.expires_on is not None
    assert reported.expires_on is not None
    opens, closes = snapshot.expires_on - timedelta(days=transition.window_days_before_expiry or 0), snapshot.expires_on
    if not opens <= reported.effective_on <= closes:
        raise errors.RenewalWindow(pointer="/effective_on", opens_on=opens.isoformat(), closes_on=closes.isoformat())
    if not closes < reported.expires_on <= add_years(closes, certificate.longest_years):
        raise errors.ValidityTooLong(pointer="/expires_on")


def require_no_bar(revoked_on: date | None, declared_on: date) -> None:
    """Reject a declaration of a product soon after one of the producer for it was revoked (2.5).

    Raises:
        ReapplicationBarred: the months have not passed.
    """
    months = machine().transition(StatusEvent.REVOKE).reapplication_bar_months
    if revoked_on is None or months is None:
        return
    until = add_months(revoked_on, months)
    if revoked_on <= declared_on < until:
        raise errors.ReapplicationBarred(pointer="/declared_on", until=until.isoformat())


def _edition(reported: ReportedChange, certificate: CertificateState) -> str:
    return reported.edition or f"{(int(certificate.edition) + 1) % 100:02d}"
