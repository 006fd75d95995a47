from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.draw import selection
from services.sampling.draw.frame import Unit, ordered, units_per_stratum
from services.sampling.draw.selection import Place, ranking, select
from services.sampling.draw.tickets import Urn
from tests.sampling.draw.builders import SEED, frame, unit

STRATA = ["3501/WIRE", "3502/CHILD", "3505/FIRE"]
FRAMES = st.lists(
    st.tuples(st.integers(0, 999), st.sampled_from(STRATA), st.integers(1, 5), st.integers(1, 4)),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[0],
).map(lambda rows: ordered([unit(*row) for row in rows]))
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def ticket(seed: str, purpose: str, name: str) -> int:
    return int(sha256(bytes.fromhex(seed) + b"\0" + purpose.encode() + b"\0" + name.encode()).hexdigest(), 16)


def by_the_text(seed: str, units: list[Unit], stratum: str) -> list[str]:
    """Units of a stratum by ticket, as the protocol words it."""

    def smallest(each: Unit) -> tuple[int, str]:
        names = [each["unit_id"], *(f"{each['unit_id']}\0{j}" for j in range(1, each["weight"]))]
        return min(ticket(seed, "object", name) for name in names), each["unit_id"]

    return [each["unit_id"] for each in sorted(units, key=smallest) if each["stratum"] == stratum]


def everyone(seed: str, units: list[Unit]) -> dict[str, list[str]]:
    places = [Place(stratum, count, 0) for stratum, count in units_per_stratum(units).items()]
    selected, _ = select("sha-256", seed, units, places)
    return {p.stratum: [e["unit_id"] for e in selected if e["stratum"] == p.stratum] for p in places}


@given(FRAMES, SEEDS)
def test_units_are_drawn_in_the_order_the_text_describes(units: list[Unit], seed: str) -> None:
    order = everyone(seed, units)
    assert order == {stratum: by_the_text(seed, units, stratum) for stratum in order}


@given(FRAMES, SEEDS, st.data())
def test_removing_a_unit_never_changes_the_order_of_the_others(units: list[Unit], seed: str, data: Any) -> None:
    gone = data.draw(st.sampled_from(units))
    rest = [each for each in units if each is not gone]
    expected = {s: [u for u in order if u != gone["unit_id"]] for s, order in everyone(seed, units).items()}
    assert everyone(seed, rest) == {stratum: order for stratum, order in expected.items() if order}


@given(FRAMES, SEEDS, st.randoms())
def test_the_order_of_input_does_not_matter(units: list[Unit], seed: str, chance: Any) -> None:
    shuffled = list(units)
    chance.shuffle(shuffled)
    assert everyone(seed, shuffled) == everyone(seed, units)


@given(FRAMES, SEEDS, st.integers(0, 5), st.integers(0, 5))
def test_reserves_follow_the_selected_and_ranks_count_on(units: list[Unit], seed: str, quota: int, kept: int) -> None:
    counts = units_per_stratum(units)
    places = [Place(s, min(n, quota), min(n - min(n, quota), kept)) for s, n in counts.items()]
    selected, reserves = select("sha-256", seed, units, places)
    for place in places:
        drawn = [e for e in [*selected, *reserves] if e["stratum"] == place.stratum]
        size = place.quota + place.reserves
        assert [e["rank"] for e in drawn] == list(range(1, size + 1))
        assert [e["unit_id"] for e in drawn] == by_the_text(seed, units, place.stratum)[:size]
    assert (len(selected), len(reserves)) == (sum(p.quota for p in places), sum(p.reserves for p in places))


def test_few_of_many_units_are_the_same_as_of_a_full_sort() -> None:
    units = frame(3000)
    places = [Place("3501/WIRE", 5, 3), Place("3502/CHILD", 0, 0)]
    selected, reserves = select("sha-256", SEED, units, places)
    assert [e["unit_id"] for e in [*selected, *reserves]] == by_the_text(SEED, units, "3501/WIRE")[:8]


@given(FRAMES, SEEDS)
def test_the_certificate_is_the_item_with_the_smallest_ticket(units: list[Unit], seed: str) -> None:
    urn = Urn("sha-256", seed, "certificate")
    for each in units:
        expected = min(each["items"], key=lambda item: ticket(seed, "certificate", f"{each['unit_id']}/{item}"))
        assert selection.certificate(urn, each) == expected


@given(FRAMES, SEEDS)
def test_the_ranking_is_the_draw_of_everyone(units: list[Unit], seed: str) -> None:
    ranked = [unit_id for _, _, unit_id, _ in ranking("sha-256", seed, units)]
    assert ranked == [unit_id for order in everyone(seed, units).values() for unit_id in order]


@pytest.mark.parametrize("hash_name", ["sha-256", "sm3"])
def test_a_weighted_unit_is_drawn_in_proportion(hash_name: str) -> None:
    units = [unit(1, weight=3), unit(2, weight=1)]
    wins = 0
    for number in range(4000):
        seed = sha256(str(number).encode()).hexdigest()
        selected, _ = select(hash_name, seed, units, [Place("3501/WIRE", 1, 0)])
        wins += selected[0]["unit_id"] == units[0]["unit_id"]
    assert abs(wins - 3000) < 140  # five standard deviations; the seeds are fixed
