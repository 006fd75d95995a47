"""Whether a certification body may do what it reports (O117 22-29): the act is checked against the certificate's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry import errors
from services.registry.rules.history import Past, last_state, standing
from services.registry.rules.status_machine import Transition, longest_suspension, transitions
from shared.core.months import add_months, add_years
from shared.vocabulary import StatusEvent


@dataclass(frozen=True, slots=True)
class Act:
    """An act as reported; with `affected_models` it concerns these alone."""

    change: StatusEvent
    effective_on: date
    published_on: date | None = None
    ground: str | None = None
    suspend_until: date | None = None
    affected_models: tuple[str, ...] = ()
    expires_on: date | None = None
    edition: str | None = None
    declaration_no: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The certificate that an act is about, before the act."""

    history: Sequence[Past]
    models: frozenset[str]
    edition: str
    longest_years: int


def decide(act: Act, subject: Subject, today: date) -> Past:
    """The history row of an act that is allowed.

    Raises:
        DomainError: one of the refusals of status events.
    """
    transition = transitions()[act.change]
    if not transition.by_body or act.change is StatusEvent.ISSUE:
        raise errors.StatusTransitionForbidden(f"{act.change} is not reported", change=act.change)
    _complete(act, transition)
    _in_time(act, subject, today)
    _in_scope(act, transition, subject)
    _allowed(act, transition, subject)
    if act.change is StatusEvent.SUSPEND:
        _within_term(act)
    if act.change is StatusEvent.RENEW:
        _within_window(act, transition, subject)
    return Past(
        act.change,
        transition.to,
        act.effective_on,
        act.ground,
        act.suspend_until if act.change is StatusEvent.SUSPEND else None,
        act.affected_models,
        act.expires_on if act.change is StatusEvent.RENEW else None,
        _edition(act, subject) if transition.new_edition else None,
        act.published_on,
        act.declaration_no,
        act.explanation,
    )


def _complete(act: Act, transition: Transition) -> None:
    needed = (*transition.requires, *(["ground"] if transition.grounds else []))
    missing = [name for name in needed if getattr(act, name) is None]
    if act.change is StatusEvent.RENEW and act.expires_on is None:
        missing.append("expires_on")
    if missing:
        raise errors.StatusEventIncomplete("、".join(missing), pointer=f"/{missing[0]}")
    if transition.grounds and act.ground not in transition.grounds:
        raise errors.GroundUnknown(pointer="/ground", known=sorted(transition.grounds))


def _in_time(act: Act, subject: Subject, today: date) -> None:
    if act.effective_on > today:
        raise errors.EffectiveInFuture(pointer="/effective_on")
    if subject.history and act.effective_on < subject.history[-1].effective_on:
        raise errors.StatusEventOutOfOrder(pointer="/effective_on", latest=subject.history[-1].effective_on.isoformat())


def _in_scope(act: Act, transition: Transition, subject: Subject) -> None:
    if act.affected_models and not transition.partial_scope:
        raise errors.ScopeForbidden(pointer="/affected_models")
    if unknown := sorted(set(act.affected_models) - subject.models):
        raise errors.ModelsUnknown("、".join(unknown), pointer="/affected_models")


def _allowed(act: Act, transition: Transition, subject: Subject) -> None:
    for model in act.affected_models or (None,):
        now = standing(subject.history, act.effective_on, model)
        if now is None or now.status not in transition.come_from:
            status = now.status if now else None
            raise errors.StatusTransitionForbidden(model, certificate_status=status, change=act.change)
        over = now.suspend_until is not None and act.effective_on > now.suspend_until
        if transition.within_term and over:
            known = {"certificate_status": now.status, "change": act.change}
            raise errors.StatusTransitionForbidden("the term of suspension is over", **known)


def _within_term(act: Act) -> None:
    assert act.suspend_until is not None
    assert act.ground is not None
    if not act.effective_on < act.suspend_until <= add_months(act.effective_on, longest_suspension(act.ground)):
        raise errors.SuspensionTooLong(pointer="/suspend_until", longest_months=longest_suspension(act.ground))


def _within_window(act: Act, transition: Transition, subject: Subject) -> None:
    now = last_state(subject.history)
    assert now is not None
    assert now.expires_on is not None
    assert act.expires_on is not None
    opens = now.expires_on - timedelta(days=transition.window_days or 0)
    if not opens <= act.effective_on <= now.expires_on:
        raise errors.RenewalWindow(pointer="/effective_on", opens_on=opens.isoformat(), closes_on=now.expires_on.isoformat())
    if not now.expires_on < act.expires_on <= add_years(now.expires_on, subject.longest_years):
        raise errors.ValidityTooLong(pointer="/expires_on")


def require_no_bar(revoked_on: date | None, declared_on: date) -> None:
    """Refuse a declaration of a product soon after one of the producer for it was revoked (2.5).

    Raises:
        ReapplicationBarred: the months have not passed.
    """
    months = transitions()[StatusEvent.REVOKE].bar_months
    if revoked_on is None or months is None:
        return
    until = add_months(revoked_on, months)
    if revoked_on <= declared_on < until:
        raise errors.ReapplicationBarred(pointer="/declared_on", until=until.isoformat())


def _edition(act: Act, subject: Subject) -> str:
    return act.edition or f"{(int(subject.edition) + 1) % 100:02d}"
