"""The state machine of certificates (status_machine.json, O117 arts 16-29) and the terms of suspension (suspend_terms.json)."""

from functools import cache

from pydantic import Field, field_validator

from services.registry.errors import StatusTransitionForbidden
from services.registry.rules.reference_data import document
from shared.core import state_machine
from shared.core.state_machine import Machine
from shared.vocabulary import CertificateStatus


class Transition(state_machine.Transition):
    """What a status event needs and does; `reasons` are the codes of which it must name one, empty where it names none."""

    target: CertificateStatus = Field(alias="to")
    actor: str
    reasons: frozenset[str]
    requires: tuple[str, ...] = ()
    partial_scope: bool = False
    new_edition: bool = False
    within_term: bool = False
    window_days_before_expiry: int | None = None
    reapplication_bar_months: int | None = None

    @field_validator("reasons", mode="before")
    @classmethod
    def _codes(cls, reasons: list[dict[str, str]]) -> frozenset[str]:
        return frozenset(reason["code"] for reason in reasons)

    @property
    def reported_by_body(self) -> bool:
        """Whether the event is an act of the certification body, not of the calendar."""
        return self.actor == "cert_body"


@cache
def machine() -> Machine[Transition]:
    """The status events of a certificate, in the order of the data."""
    return Machine([Transition.model_validate(item) for item in document("status_machine")["items"]], _forbidden)


def _forbidden(status: str, event: str, allowed: list[str]) -> StatusTransitionForbidden:
    return StatusTransitionForbidden(certificate_status=status, change=event, allowed=allowed)


@cache
def terminal() -> frozenset[CertificateStatus]:
    """Statuses that no event leaves."""
    return frozenset(CertificateStatus(status) for status in document("status_machine")["terminal"])


@cache
def supply_allowed() -> frozenset[CertificateStatus]:
    """Statuses in which certified products may be released, sold, imported or used (O117 29)."""
    return frozenset(CertificateStatus(status) for status in document("status_machine")["supply_allowed_in"])


def longest_suspension(reason_code: str) -> int:
    """The longest term of suspension for a reason, in calendar months.

    Raises:
        StopIteration: suspend_terms.json has no such reason.
    """
    return next(int(item["suspend_max_months"]) for item in document("suspend_terms")["items"] if item["code"] == reason_code)
