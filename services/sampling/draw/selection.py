"""Which organisations are drawn, which wait in reserve, and which certificate of each (draw-protocol §7)."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypedDict

from services.sampling.draw.frame import Frame, Unit
from services.sampling.draw.tickets import Urn

_LAST: Final = b"\xff" * 33
"""Comes after every ticket."""
_SLACK: Final = 64
"""How many more than twice the wanted units gather before they are sorted."""


class Place(NamedTuple):
    """How many units a stratum gives: the selected, then the reserves."""

    stratum: str
    quota: int
    reserves: int


class Entry(TypedDict):
    """A drawn unit as it stands in a transcript."""

    item: str
    rank: int
    stratum: str
    ticket: str
    unit_id: str


Ranked = tuple[bytes, str, Unit]


def select(hash_name: str, seed: str, frame: Frame, places: Sequence[Place]) -> tuple[list[Entry], list[Entry]]:
    """Give the selected units and the reserves, strata in the order of `places`, each stratum by rank.

    Memory beyond the frame does not grow with it: only the best `quota + reserves` of each stratum are kept.
    """
    best = _smallest(Urn(hash_name, seed, "object"), frame, {p.stratum: p.quota + p.reserves for p in places})
    items = Urn(hash_name, seed, "certificate")
    selected: list[Entry] = []
    reserves: list[Entry] = []
    for place in places:
        entries = [_entry(rank, drawn, items) for rank, drawn in enumerate(best[place.stratum], start=1)]
        selected += entries[: place.quota]
        reserves += entries[place.quota :]
    return selected, reserves


def _smallest(urn: Urn, frame: Frame, wanted: Mapping[str, int]) -> dict[str, list[Ranked]]:
    """Of each stratum the units with the smallest tickets, ascending; ties go to the smaller id.

    The loop spells out the ticket of an unweighted unit: a call for each of a million units would cost as much as the
    hash itself.
    """
    best: dict[str, list[Ranked]] = {stratum: [] for stratum in wanted}
    cutoff = {stratum: _LAST if number else b"" for stratum, number in wanted.items()}
    draw, weighted = urn.draw, urn.ticket
    for unit in frame:
        unit_id = unit["unit_id"]
        if unit["weight"] == 1:
            running = draw()
            running.update(unit_id.encode())
            ticket = running.digest()
        else:
            ticket = weighted(unit_id, unit["weight"])
        stratum = unit["stratum"]
        if ticket <= cutoff[stratum]:
            entries = best[stratum]
            entries.append((ticket, unit_id, unit))
            if len(entries) > 2 * wanted[stratum] + _SLACK:
                cutoff[stratum] = _shortened(entries, wanted[stratum])
    return {stratum: sorted(entries)[: wanted[stratum]] for stratum, entries in best.items()}


def _shortened(best: list[Ranked], wanted: int) -> bytes:
    """Drop all but the best, and give the ticket above which nothing enters any more."""
    best.sort()
    del best[wanted:]
    return best[-1][0]


def certificate(items: Urn, unit: Unit) -> str:
    """Give the item of a unit with the smallest ticket; ties go to the smaller number."""
    if len(unit["items"]) == 1:
        return unit["items"][0]
    return min((items.ticket(f"{unit['unit_id']}/{item}"), item) for item in unit["items"])[1]


def _entry(rank: int, drawn: Ranked, items: Urn) -> Entry:
    ticket, unit_id, unit = drawn
    item = certificate(items, unit)
    return {"item": item, "rank": rank, "stratum": unit["stratum"], "ticket": ticket.hex(), "unit_id": unit_id}


def ranking(hash_name: str, seed: str, frame: Frame) -> list[tuple[str, bytes, str, int]]:
    """Every unit as (stratum, ticket, unit_id, index in the frame), strata ascending, in each by rank."""
    urn = Urn(hash_name, seed, "object")
    return sorted(
        (unit["stratum"], urn.ticket(unit["unit_id"], unit["weight"]), unit["unit_id"], index) for index, unit in enumerate(frame)
    )
