"""What may be made public, and when (domain: OGI, O45; `data/disclosure.json`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.reporting.errors import ForbiddenContent, NoLongerHolds, UnderEmbargo
from services.reporting.rules.enums import DisclosureKind
from services.reporting.rules.reference_data import document
from shared import deadlines
from shared.vocabulary import PenaltyKind

Item = Mapping[str, Any]
OF_PROVINCE = "prov_admin"


def _kind(kind: DisclosureKind) -> dict[str, Any]:
    (row,) = (item for item in document("disclosure")["items"] if item["kind"] == kind)
    return dict(row)


def is_of_province(kind: DisclosureKind) -> bool:
    """Whether only the province discloses this kind."""
    return bool(_kind(kind)["approved_by"] == OF_PROVINCE)


def item_of(kind: DisclosureKind, values: Item) -> dict[str, Any]:
    """A published item: the fields of its kind that have a value, and nothing else."""
    return {name: values[name] for name in _kind(kind)["fields"] if values.get(name) is not None}


def require_publishable(kind: DisclosureKind, items: Sequence[Item]) -> None:
    """Reject content that may not be made public.

    Raises:
        ForbiddenContent: a field that is not of the kind, one that is forbidden, or personal data inside a free text.
    """
    allowed = set(_kind(kind)["fields"])
    for index, item in enumerate(items):
        for name in _names(item):
            if name in _forbidden() or name not in allowed:
                raise ForbiddenContent(f"the field {name}", pointer=f"/items/{index}/{name}")
        _require_no_personal_data(index, item)


def _names(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner)


def _forbidden() -> set[str]:
    return {name for group in document("disclosure")["forbidden"] for name in group["fields"]}


def _require_no_personal_data(index: int, item: Item) -> None:
    texts = [(name, str(item[name])) for name in document("disclosure")["free_text"] if name in item]
    for name, text in texts:
        for personal in document("disclosure")["personal_data"]:
            if re.search(personal["pattern"], text):
                raise ForbiddenContent(personal["name_en"], pointer=f"/items/{index}/{name}")


def require_not_before(kind: DisclosureKind, today: date, embargo_until: date | None) -> None:
    """Reject a list or a result that is still confidential.

    Raises:
        UnderEmbargo: the first public day has not come.
    """
    if _kind(kind)["not_before"] != "embargo_over":
        return
    if embargo_until is None or today < embargo_until:
        raise UnderEmbargo(f"confidential until {embargo_until}", embargo_until=str(embargo_until))


def require_still_true(items: Sequence[Item], current: Sequence[Item]) -> None:
    """Reject items that are not among the current ones; further current items do no harm.

    Raises:
        NoLongerHolds: an item changed or was withdrawn since it was drafted.
    """
    outdated = [index for index, item in enumerate(items) if item not in current]
    if outdated:
        raise NoLongerHolds(items=outdated)


def is_published_penalty(penalties: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a decision is published as a penalty: a warning alone is not (O45)."""
    return any(penalty["kind"] != PenaltyKind.WARNING for penalty in penalties)


def expiry(penalties: Sequence[Mapping[str, Any]], published_on: date) -> date:
    """The day on which a decision made public on a day stops being public."""
    day = deadlines.due(publication_term(penalties), published_on).due_day
    assert day is not None
    return day


def publication_term(penalties: Sequence[Mapping[str, Any]]) -> str:
    """The deadline after which a decision stops being public: short for criticism or a small fine alone (O45 13; K23)."""
    terms = {term["penalty"]: term for term in document("disclosure")["stop_after"]}
    kinds = {penalty["kind"] for penalty in penalties} - {PenaltyKind.WARNING.value, PenaltyKind.CRITICISM.value}
    fine = sum(penalty["amount_fen"] or 0 for penalty in penalties if penalty["kind"] == PenaltyKind.FINE)
    if not kinds:
        return str(terms["criticism"]["clock"])
    small = kinds == {PenaltyKind.FINE.value} and fine <= terms["small_fine"]["max_fine_fen"]
    return str(terms["small_fine" if small else "other"]["clock"])
