"""How a sample is spread over strata, in exact integers (draw-protocol §4)."""

import heapq
from collections.abc import Sequence
from typing import Final, NamedTuple

from services.sampling.draw.errors import InfeasibleAllocation, InvalidPlan


class Stratum(NamedTuple):
    """A stratum as the plan sees it: its units, the multiplier of its share, and its least quota."""

    stratum: str
    units: int
    multiplier: int = 1
    floor: int = 0


_LEAST: Final = Stratum("", 1)


def required(planned: int, ratio: tuple[int, int], units: int) -> int:
    """Give the least sample size: the planned one or the ratio of the frame rounded up, whichever is more."""
    return max(planned, -(-ratio[0] * units // ratio[1]))


def allocate(strata: Sequence[Stratum], sample_size: int) -> dict[str, int]:
    """Quota of each stratum, strata ascending; they sum to `sample_size` and none exceeds its units.

    Raises:
        InvalidPlan: an empty stratum, a stratum twice, a multiplier below 1, a negative floor or size.
        InfeasibleAllocation: the units are too few or the floors too high; names the binding stratum.
    """
    _check(strata, sample_size)
    total = sum(s.units * s.multiplier for s in strata)
    share = {s.stratum: sample_size * s.units * s.multiplier for s in strata}  # in units of 1/total
    quota = {s.stratum: min(s.units, max(s.floor, share[s.stratum] // total)) for s in sorted(strata)}
    missing = sample_size - sum(quota.values())
    if missing > 0:
        _raise(quota, {s.stratum: s.units for s in strata}, share, total, missing)
    elif missing < 0:
        _lower(quota, {s.stratum: s.floor for s in strata}, share, total, -missing)
    return quota


def _check(strata: Sequence[Stratum], sample_size: int) -> None:
    for s in strata:
        if s.units < _LEAST.units or s.multiplier < _LEAST.multiplier or s.floor < _LEAST.floor:
            raise InvalidPlan(f"stratum {s.stratum}: units and multiplier are at least 1, the floor at least 0")
    if not strata or len({s.stratum for s in strata}) != len(strata):
        raise InvalidPlan("there is at least one stratum, and none stands twice")
    if sample_size < 1:
        raise InvalidPlan("the sample size is at least 1")


def _raise(quota: dict[str, int], units: dict[str, int], share: dict[str, int], total: int, missing: int) -> None:
    heap = [(quota[s] * total - share[s], s) for s in quota]
    heapq.heapify(heap)
    binding = heap[0][1]
    while missing:
        if not heap:
            raise _infeasible(binding, "it has no unit left to take", missing)
        lack, s = heapq.heappop(heap)
        if quota[s] < units[s]:
            quota[s] += 1
            missing -= 1
            heapq.heappush(heap, (lack + total, s))


def _lower(quota: dict[str, int], floor: dict[str, int], share: dict[str, int], total: int, surplus: int) -> None:
    while surplus:
        above = [s for s in quota if quota[s] > floor[s]]
        candidates = above or list(quota)
        binding = min(candidates, key=lambda s: (share[s] - quota[s] * total, *_later_first(s)))
        if not above:
            raise _infeasible(binding, "its floor leaves no room", surplus)
        quota[binding] -= 1
        surplus -= 1


def _later_first(name: str) -> tuple[int, ...]:
    """Sort key that puts the larger name first."""
    return (*(-ord(character) for character in name), 1)


def _infeasible(stratum: str, why: str, by: int) -> InfeasibleAllocation:
    return InfeasibleAllocation(f"stratum {stratum}: {why}; the sample misses by {by}", stratum=stratum, missing=by)


def reserves(units: int, quota: int, asked: int) -> int:
    """How many reserves a stratum keeps: what was asked, as far as units are left."""
    return min(units - quota, asked)
