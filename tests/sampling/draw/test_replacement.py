import pytest

from services.sampling.draw.errors import InfeasibleTeams, NoReserve, NotReplaceable
from services.sampling.draw.execution import execute
from services.sampling.draw.replacement import current_team, member_parameters, next_reserve
from services.sampling.draw.selection import Entry
from tests.sampling.draw.builders import WITNESS, commit, contributions, inspectors


def entry(unit_id: str, rank: int, stratum: str = "a") -> Entry:
    return {"item": "1", "rank": rank, "stratum": stratum, "ticket": "00", "unit_id": unit_id}


SELECTED = [entry("A1", 1), entry("A2", 2), entry("B1", 1, "b")]
RESERVES = [entry("A4", 4), entry("A3", 3), entry("B2", 2, "b")]


def test_the_next_unused_reserve_of_the_same_stratum_comes() -> None:
    assert next_reserve(SELECTED, RESERVES, [], "A2")["unit_id"] == "A3"
    assert next_reserve(SELECTED, RESERVES, [("A2", "A3")], "A1")["unit_id"] == "A4"
    assert next_reserve(SELECTED, RESERVES, [("A2", "A3")], "A3")["unit_id"] == "A4"
    assert next_reserve(SELECTED, RESERVES, [("A2", "A3")], "B1")["unit_id"] == "B2"


def test_without_a_reserve_there_is_no_replacement() -> None:
    with pytest.raises(NoReserve) as error:
        next_reserve(SELECTED, RESERVES, [("B1", "B2")], "B2")
    assert error.value.extra["stratum"] == "b"


@pytest.mark.parametrize("outgoing", ["A2", "A4", "Z"])
def test_whoever_is_not_active_cannot_be_replaced(outgoing: str) -> None:
    with pytest.raises(NotReplaceable):
        next_reserve(SELECTED, RESERVES, [("A2", "A3")], outgoing)


PEOPLE = [unit["unit_id"] for unit in inspectors(5)]
CAPACITY = dict.fromkeys(PEOPLE, 1)


def test_a_team_after_its_replacements() -> None:
    team = {"members": PEOPLE[:2], "task": "T", "tickets": ["00", "01"]}
    chain = [(PEOPLE[0], PEOPLE[3]), (PEOPLE[3], PEOPLE[4])]
    assert current_team(team, chain) == [PEOPLE[4], PEOPLE[1]]  # type: ignore[arg-type]  # a plain dict reads better here
    with pytest.raises(NotReplaceable):
        current_team(team, [(PEOPLE[3], PEOPLE[4])])  # type: ignore[arg-type]  # as above


def test_a_replacement_draw_brings_in_someone_new() -> None:
    terms = member_parameters("ab" * 32, "T", PEOPLE[:2], PEOPLE[0], PEOPLE, CAPACITY)
    assert terms["replaces"] == {
        "commitment_digest": "ab" * 32,
        "kept": [PEOPLE[1]],
        "outgoing": PEOPLE[0],
        "task": "T",
    }
    committed = commit("inspector", inspectors(5), terms, [WITNESS])
    result = execute(committed, inspectors(5), contributions(committed))
    assert result.selected[0]["members"][0] in PEOPLE[2:]


def test_a_pool_that_is_used_up_is_refused_with_its_certificate() -> None:
    terms = member_parameters("ab" * 32, "T", PEOPLE[:2], PEOPLE[0], PEOPLE[:2], CAPACITY)
    with pytest.raises(InfeasibleTeams) as error:
        commit("inspector", inspectors(5), terms, [WITNESS])
    assert error.value.extra["missing"] == 1


def test_only_a_member_of_the_team_can_be_replaced() -> None:
    with pytest.raises(NotReplaceable):
        member_parameters("ab" * 32, "T", PEOPLE[:2], PEOPLE[3], PEOPLE, CAPACITY)
