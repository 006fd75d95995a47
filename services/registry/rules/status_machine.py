"""The state machine of certificates (status_machine.json, O117 arts 16-29) and the terms of suspension."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.registry.rules.reference_data import document
from shared.vocabulary import CertificateStatus, StatusEvent


@dataclass(frozen=True, slots=True)
class Transition:
    """What an act of a certification body needs and does."""

    change: StatusEvent
    come_from: frozenset[CertificateStatus]
    to: CertificateStatus
    grounds: frozenset[str]
    requires: tuple[str, ...]
    basis: tuple[str, ...]
    partial_scope: bool
    new_edition: bool
    within_term: bool
    by_body: bool
    window_days: int | None
    validity_years: int | None
    bar_months: int | None


@cache
def transitions() -> Mapping[StatusEvent, Transition]:
    """Every act by its name."""
    return {
        StatusEvent(item["event"]): Transition(
            StatusEvent(item["event"]),
            frozenset(CertificateStatus(status) for status in item["from"]),
            CertificateStatus(item["to"]),
            frozenset(ground["code"] for ground in item["grounds"]),
            tuple(item.get("requires", ())),
            tuple(item["basis"]),
            item.get("partial_scope", False),
            item.get("new_edition", False),
            item.get("within_term", False),
            item["actor"] == "cert_body",
            item.get("window_days_before_expiry"),
            item.get("validity_years"),
            item.get("reapplication_bar_months"),
        )
        for item in document("status_machine")["items"]
    }


@cache
def terminal() -> frozenset[CertificateStatus]:
    """States that no act leaves."""
    return frozenset(CertificateStatus(status) for status in document("status_machine")["terminal"])


@cache
def supply_allowed() -> frozenset[CertificateStatus]:
    """States in which certified products may be released, sold, imported or used (O117 29)."""
    return frozenset(CertificateStatus(status) for status in document("status_machine")["supply_allowed_in"])


def longest_suspension(ground: str) -> int:
    """The longest term of suspension on a ground, in calendar months (suspend_terms.json)."""
    return next(int(i["suspend_max_months"]) for i in document("suspend_terms")["items"] if i["code"] == ground)
