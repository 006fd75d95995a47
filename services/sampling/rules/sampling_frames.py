"""Which organisations may be drawn, in which stratum, with which certificates (S-01 to S-05)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.sampling.draw.allocation import Stratum
from shared.core.months import add_months
from shared.vocabulary import CertificateStatus, SelectionBasis

OTHER: Final = "OTHER"
"""The stratum of everyone who is neither in a priority group nor in the stratum of those that failed a sampling (S-03)."""


@dataclass(frozen=True)
class HeldCertificate:
    """A certificate as the library holds it."""

    certificate_no: str
    status: CertificateStatus
    status_since: date
    expires_on: date
    group: str | None


@dataclass(frozen=True)
class Candidate:
    """An organisation with what decides whether it may be drawn."""

    uscc: str
    city: str
    in_business: bool
    failed: bool
    inspected_on: date | None
    certificates: tuple[HeldCertificate, ...]


@dataclass(frozen=True)
class Scope:
    """The rules of a campaign that make its frame; `statuses` count as long as the certificate runs, `ended` for `months`.

    `failed` is the stratum of those that failed a sampling, such as FAILED_2023 (S-03).
    """

    cities: Collection[str]
    groups: Sequence[str]
    statuses: Collection[str]
    ended: Collection[str]
    months: int
    failed: str


@dataclass(frozen=True)
class Included:
    """A unit of the frame before it gets its salt."""

    unit_id: str
    stratum: str
    items: tuple[str, ...]
    rule: str


def split(candidates: Iterable[Candidate], scope: Scope, on: date) -> tuple[list[Included], list[dict[str, Any]]]:
    """Units of the frame on a day, and every organisation left out with its reason."""
    included: list[Included] = []
    excluded: list[dict[str, Any]] = []
    for candidate in candidates:
        items = [one for one in candidate.certificates if in_scope(one, scope, on)]
        reason = _reason(candidate, items, scope, on)
        if reason:
            excluded.append({"reason": reason, "unit_id": candidate.uscc})
        else:
            included.append(_unit(candidate, items, scope))
    return included, sorted(excluded, key=lambda one: str(one["unit_id"]))


def in_scope(certificate: HeldCertificate, scope: Scope, on: date) -> bool:
    """Whether the certificate brings its organisation into the frame (S-01)."""
    if certificate.status in scope.statuses:
        return certificate.expires_on >= on
    return certificate.status in scope.ended and certificate.status_since >= add_months(on, -scope.months)


def _reason(candidate: Candidate, items: Sequence[HeldCertificate], scope: Scope, on: date) -> str | None:
    if candidate.city not in scope.cities:
        return "NOT_PARTICIPATING"
    if not candidate.in_business:
        return "OUT_OF_BUSINESS"
    if candidate.inspected_on is not None and candidate.inspected_on.year == on.year:
        return "ALREADY_INSPECTED"
    return None if items else "NO_IN_SCOPE_CERTIFICATE"


def _unit(candidate: Candidate, items: Sequence[HeldCertificate], scope: Scope) -> Included:
    held = {one.group for one in items}
    group = next((group for group in scope.groups if group in held), None)
    chosen = [one for one in items if group is None or one.group == group]
    layer = scope.failed if candidate.failed else group or OTHER
    rule = "S-03" if candidate.failed else "S-02" if group else "S-01"
    numbers = tuple(sorted(one.certificate_no for one in chosen))
    return Included(candidate.uscc, f"{candidate.city}/{layer}", numbers, rule)


def strata(units: Mapping[str, int], floor: int, multipliers: Mapping[str, int]) -> list[Stratum]:
    """Strata with their units; the floor belongs to priority groups and failed ones, not to the others (A-06)."""
    return [
        Stratum(name, count, multipliers.get(layer_of(name), 1), min(floor, count) if layer_of(name) != OTHER else 0)
        for name, count in sorted(units.items())
    ]


def layer_of(stratum: str) -> str:
    """The priority group, the stratum of failed samplings or OTHER, of a stratum such as 3501/FIRE."""
    return stratum.split("/", 1)[1]


def basis(stratum: str, failed: str) -> SelectionBasis:
    """Why an object of this stratum was selected; `failed` is the campaign's stratum of failed samplings (S-03)."""
    special = {failed: SelectionBasis.TARGETED_FAILED_SAMPLING, OTHER: SelectionBasis.RANDOM}
    return special.get(layer_of(stratum), SelectionBasis.RANDOM_PRIORITY_STRATUM)
