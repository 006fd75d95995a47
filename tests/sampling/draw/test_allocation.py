from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.sampling.draw.allocation import Stratum, allocate, required, reserves
from services.sampling.draw.errors import InfeasibleAllocation, InvalidPlan

STRATA = st.lists(
    st.tuples(st.text("abAB市", min_size=1, max_size=2), st.integers(1, 12), st.integers(1, 4), st.integers(0, 3)),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
).map(lambda rows: [Stratum(*row) for row in rows])


def by_the_text(strata: list[Stratum], n: int) -> dict[str, int]:
    """The four steps of the protocol, literally, in fractions."""
    total = sum(s.units * s.multiplier for s in strata)
    share = {s.stratum: Fraction(n * s.units * s.multiplier, total) for s in strata}
    quota = {s.stratum: min(s.units, max(s.floor, int(share[s.stratum]))) for s in strata}
    while sum(quota.values()) < n:
        able = sorted(s.stratum for s in strata if quota[s.stratum] < s.units)
        quota[max(able, key=lambda s: share[s] - quota[s])] += 1
    while sum(quota.values()) > n:
        able = sorted((s.stratum for s in strata if quota[s.stratum] > s.floor), reverse=True)
        quota[min(able, key=lambda s: share[s] - quota[s])] -= 1
    return quota


@given(STRATA, st.integers(1, 60))
def test_the_allocation_is_the_one_the_text_describes(strata: list[Stratum], n: int) -> None:
    assume(sum(min(s.units, s.floor) for s in strata) <= n <= sum(s.units for s in strata))
    quota = allocate(strata, n)
    assert quota == by_the_text(strata, n)
    assert sum(quota.values()) == n
    assert all(min(s.floor, s.units) <= quota[s.stratum] <= s.units for s in strata)


def outcome(strata: list[Stratum], n: int) -> list[tuple[str, int]] | dict[str, Any]:
    """The quotas in their order, or what an error says."""
    try:
        return list(allocate(strata, n).items())
    except InfeasibleAllocation as error:
        return dict(error.extra)


@given(STRATA, st.integers(1, 60))
def test_an_allocation_is_refused_exactly_if_there_is_none(strata: list[Stratum], n: int) -> None:
    found = outcome(strata, n)
    if sum(min(s.units, s.floor) for s in strata) <= n <= sum(s.units for s in strata):
        assert isinstance(found, list)
    else:
        assert isinstance(found, dict)
        assert found["stratum"] in {s.stratum for s in strata}
        assert found["missing"] > 0


@given(STRATA, st.integers(1, 60), st.randoms())
def test_the_order_of_the_strata_does_not_matter(strata: list[Stratum], n: int, chance: Any) -> None:
    shuffled = list(strata)
    chance.shuffle(shuffled)
    assert outcome(shuffled, n) == outcome(strata, n)


def test_a_sample_larger_than_the_frame_names_the_stratum_that_lacks_most() -> None:
    with pytest.raises(InfeasibleAllocation) as error:
        allocate([Stratum("a", 2), Stratum("b", 9)], 12)
    assert (error.value.extra["stratum"], error.value.extra["missing"]) == ("b", 1)


def test_floors_above_the_sample_name_the_stratum_with_the_least_claim() -> None:
    with pytest.raises(InfeasibleAllocation) as error:
        allocate([Stratum("a", 9, floor=2), Stratum("b", 1, floor=1), Stratum("c", 9, floor=2)], 4)
    assert (error.value.extra["stratum"], error.value.extra["missing"]) == ("b", 1)


@pytest.mark.parametrize(
    ("strata", "n"),
    [
        ([], 1),
        ([Stratum("a", 0)], 1),
        ([Stratum("a", 3, multiplier=0)], 1),
        ([Stratum("a", 3, floor=-1)], 1),
        ([Stratum("a", 3), Stratum("a", 4)], 1),
        ([Stratum("a", 3)], 0),
    ],
)
def test_a_plan_without_sense_is_refused(strata: list[Stratum], n: int) -> None:
    with pytest.raises(InvalidPlan):
        allocate(strata, n)


def test_the_ratio_is_rounded_up() -> None:
    assert [required(100, (1, 10), units) for units in (990, 1000, 1001, 1043)] == [100, 100, 101, 105]


def test_reserves_are_what_was_asked_as_far_as_units_are_left() -> None:
    assert (reserves(10, 3, 2), reserves(4, 3, 2), reserves(3, 3, 2)) == (2, 1, 0)
