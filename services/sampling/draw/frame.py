"""The frame: every unit that may be drawn, in ascending order, bound by one root (draw-protocol §3)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, Literal, TypedDict

from services.sampling.draw.errors import InvalidFrame
from services.sampling.draw.merkle import leaf_hash, root
from services.sampling.draw.text import ascending, is_hex, is_identifier
from shared.core.canonical import canonical

MAX_WEIGHT: Final = 1000
"""A unit's largest weight: one hash each, so that no file can make its verifier hash for ever."""

Kind = Literal["object", "inspector"]


class Unit(TypedDict):
    """One organisation with its in-scope certificates, or one inspector with none."""

    items: list[str]
    salt: str
    stratum: str
    unit_id: str
    weight: int


Frame = Sequence[Unit]

_KEYS: Final = Unit.__required_keys__


def ordered(units: Sequence[Unit]) -> list[Unit]:
    """Put units in frame order, with their items ascending, whatever order they came in."""
    return sorted(({**unit, "items": sorted(unit["items"])} for unit in units), key=lambda unit: unit["unit_id"])


def check_frame(frame: Any, kind: Kind) -> None:
    """Refuse what is not a frame of an object or inspector draw.

    Raises:
        InvalidFrame: not a list, empty, a malformed unit, a unit twice or not in ascending order.
    """
    if not isinstance(frame, list) or not frame:
        raise InvalidFrame("a frame holds at least one unit", pointer="/frame")
    previous = ""
    for index, unit in enumerate(frame):
        fault = _fault(unit, kind)
        if fault:
            raise InvalidFrame(fault, pointer=f"/frame/{index}")
        if unit["unit_id"] <= previous:
            word = "stands twice" if unit["unit_id"] == previous else "is not in ascending order"
            raise InvalidFrame(f"unit {unit['unit_id']} {word}", pointer=f"/frame/{index}/unit_id")
        previous = unit["unit_id"]


def _fault(unit: Any, kind: Kind) -> str | None:
    if not isinstance(unit, dict) or unit.keys() != _KEYS:
        return f"a unit has exactly the members {', '.join(sorted(_KEYS))}"
    if not is_identifier(unit["unit_id"]) or not is_identifier(unit["stratum"]):
        return "unit_id and stratum are identifiers"
    if not is_hex(unit["salt"], 16):
        return "salt is 32 lower-case hex digits"
    if type(unit["weight"]) is not int or not 1 <= unit["weight"] <= MAX_WEIGHT:
        return f"weight is an integer from 1 to {MAX_WEIGHT}"
    return _fault_of_items(unit["items"]) if kind == "object" else _fault_of_inspector(unit)


def _fault_of_items(items: Any) -> str | None:
    if not isinstance(items, list) or not items or not all(map(is_identifier, items)):
        return "items of an organisation are its in-scope certificate numbers, at least one"
    return None if ascending(items) else "items rise strictly"


def _fault_of_inspector(unit: dict[str, Any]) -> str | None:
    if unit["items"] != [] or unit["weight"] != 1:
        return "an inspector has no items and weight 1"
    return None


def leaves(hash_name: str, frame: Frame) -> list[bytes]:
    """Leaf hashes of the units, in frame order."""
    return [leaf_hash(hash_name, canonical(unit)) for unit in frame]


def frame_root(hash_name: str, frame: Frame) -> str:
    """Lower-case hex of the Merkle root that binds the frame."""
    return root(hash_name, leaves(hash_name, frame)).hex()


def units_per_stratum(frame: Frame) -> dict[str, int]:
    """How many units each stratum has, strata ascending."""
    return dict(sorted(Counter(unit["stratum"] for unit in frame).items()))
