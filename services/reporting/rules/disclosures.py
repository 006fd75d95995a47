"""What may be made public, when, and in which order of acts (domain: OGI, O45; `data/disclosure.json`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.reporting.errors import DisclosureTransition, ForbiddenContent, NoLongerHolds, UnderEmbargo
from services.reporting.rules.enums import DisclosureKind
from services.reporting.rules.reference_data import document
from shared import deadlines
from shared.vocabulary import DisclosureStatus, PenaltyKind

Item = Mapping[str, Any]
OF_PROVINCE = "prov_admin"


def _kind(kind: DisclosureKind) -> dict[str, Any]:
    (found,) = (item for item in document("disclosure")["items"] if item["kind"] == kind)
    return dict(found)


def is_of_province(kind: DisclosureKind) -> bool:
    """Whether only the province discloses this kind."""
    return bool(_kind(kind)["approved_by"] == OF_PROVINCE)


def item_of(kind: DisclosureKind, values: Item) -> dict[str, Any]:
    """A published item: the fields of its kind that are known, and nothing else."""
    return {name: values[name] for name in _kind(kind)["fields"] if values.get(name) is not None}


def require_publishable(kind: DisclosureKind, items: Sequence[Item]) -> None:
    """Refuse content that may not be made public.

    Raises:
        ForbiddenContent: a field that is not of the kind, one that is forbidden, or personal data inside a free text.
    """
    allowed = set(_kind(kind)["fields"])
    for place, item in enumerate(items):
        for name in _names(item):
            if name in _forbidden() or name not in allowed:
                raise ForbiddenContent(f"the field {name}", pointer=f"/items/{place}/{name}")
        _require_no_personal_data(place, item)


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


def _require_no_personal_data(place: int, item: Item) -> None:
    texts = [(name, str(item[name])) for name in document("disclosure")["free_text"] if name in item]
    for name, text in texts:
        for each in document("disclosure")["personal_data"]:
            if re.search(each["pattern"], text):
                raise ForbiddenContent(each["name_en"], pointer=f"/items/{place}/{name}")


def require_not_before(kind: DisclosureKind, today: date, embargo_until: date | None) -> None:
    """Refuse a list or a result that is still confidential.

    Raises:
        UnderEmbargo: the first public day has not come.
    """
    if _kind(kind)["not_before"] != "embargo_over":
        return
    if embargo_until is None or today < embargo_until:
        raise UnderEmbargo(f"confidential until {embargo_until}", embargo_until=str(embargo_until))


def moved(state: DisclosureStatus, event: str) -> DisclosureStatus:
    """The state after an act.

    Raises:
        DisclosureTransition: the act is not possible in this state.
    """
    (found,) = (each for each in document("disclosure")["transitions"] if each["event"] == event)
    if state not in found["from"]:
        raise DisclosureTransition(f"it is {state}", state=state, event=event)
    return DisclosureStatus(found["to"])


def standing(state: DisclosureStatus, expires_on: date | None, today: date) -> DisclosureStatus:
    """The state on a day: a publication whose term is over has expired, without anybody's act."""
    over = expires_on is not None and expires_on <= today
    return DisclosureStatus.EXPIRED if over and state is DisclosureStatus.PUBLISHED else state


def require_still_true(items: Sequence[Item], known: Sequence[Item]) -> None:
    """Refuse items that are not what is known now; what has become known besides does no harm.

    Raises:
        NoLongerHolds: an item changed or was taken back since it was drafted.
    """
    gone = [place for place, item in enumerate(items) if item not in known]
    if gone:
        raise NoLongerHolds(items=gone)


def is_published_penalty(penalties: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a decision is published as a penalty: a warning alone is not (O45)."""
    return any(one["kind"] != PenaltyKind.WARNING for one in penalties)


def expiry(penalties: Sequence[Mapping[str, Any]], published_on: date) -> date:
    """The day on which a decision made public on a day stops being public."""
    day = deadlines.due(stop_clock(penalties), published_on).due_day
    assert day is not None
    return day


def stop_clock(penalties: Sequence[Mapping[str, Any]]) -> str:
    """The clock after which a decision stops being public: short for criticism or a small fine alone (O45 13; K23)."""
    clocks = {each["penalty"]: each for each in document("disclosure")["stop_after"]}
    kinds = {one["kind"] for one in penalties} - {PenaltyKind.WARNING.value, PenaltyKind.CRITICISM.value}
    fine = sum(one["amount_fen"] or 0 for one in penalties if one["kind"] == PenaltyKind.FINE)
    if not kinds:
        return str(clocks["criticism"]["clock"])
    small = kinds == {PenaltyKind.FINE.value} and fine <= clocks["small_fine"]["max_fine_fen"]
    return str(clocks["small_fine" if small else "other"]["clock"])
