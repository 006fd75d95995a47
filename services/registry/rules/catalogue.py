"""When certification is obligatory (强制性产品认证目录)."""

from dataclasses import dataclass
from datetime import date

from services.registry.rules.reference_data import CatalogueItem, catalogue


@dataclass(frozen=True, slots=True)
class Obligation:
    """The obligation of a product on a day.

    `advice_only`: acceptance has begun and the obligation has not; a finding is then advice, never uncertified supply.
    """

    in_catalogue: bool
    obligated: bool
    advice_only: bool


def obligation(code: str, day: date) -> Obligation:
    """The obligation of products of category `code` that are supplied on `day`."""
    item = catalogue().get(code)
    if item is None or not item.validity.on(day):
        return Obligation(in_catalogue=False, obligated=False, advice_only=False)
    obligated = item.mandatory_from is not None and day >= item.mandatory_from
    return Obligation(in_catalogue=True, obligated=obligated, advice_only=not obligated and _accepted(item, day))


def is_obligated(code: str, day: date) -> bool:
    """Whether products of this category need certification when supplied on `day`."""
    return obligation(code, day).obligated


def _accepted(item: CatalogueItem, day: date) -> bool:
    return item.acceptance_from is not None and item.acceptance_from <= day
