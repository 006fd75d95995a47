from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.sampling.draw.errors import InfeasibleTeams
from services.sampling.draw.teams import Task, assign, check_feasible
from services.sampling.draw.tickets import Urn
from tests.benchmarks.draw_bench import tight_tasks
from tests.sampling.draw.builders import SEED

PEOPLE = ["A", "B", "C", "D", "E"]
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
CAPACITY = st.fixed_dictionaries({person: st.integers(0, 3) for person in PEOPLE})


@st.composite
def task_lists(draw: st.DrawFn) -> list[Task]:
    number = draw(st.integers(1, 4))
    return [
        {
            "eligible": sorted(draw(st.sets(st.sampled_from(PEOPLE), min_size=1))),
            "size": draw(st.integers(1, 3)),
            "task": f"T{index}",
        }
        for index in range(number)
    ]


def feasible_teams(tasks: list[Task], left: dict[str, int], seed: str) -> Iterator[list[list[str]]]:
    """Every assignment, in ticket order: the first is the one the protocol asks for."""
    if not tasks:
        yield []
        return
    task, *rest = tasks
    urn = Urn("sha-256", seed, "inspector")
    order = sorted(task["eligible"], key=lambda person: (urn.ticket(f"{task['task']}/{person}"), person))
    for members in permutations(order, task["size"]):
        ranks = [order.index(person) for person in members]
        if ranks == sorted(ranks) and all(left[person] for person in members):
            after = {person: number - (person in members) for person, number in left.items()}
            for others in feasible_teams(rest, after, seed):
                yield [list(members), *others]


@settings(max_examples=400)
@given(task_lists(), CAPACITY, SEEDS)
def test_teams_are_the_first_feasible_ones_of_all(tasks: list[Task], capacity: dict[str, int], seed: str) -> None:
    expected = next(feasible_teams(tasks, capacity, seed), None)
    try:
        teams = assign("sha-256", seed, tasks, capacity)
    except InfeasibleTeams:
        assert expected is None
    else:
        assert [team["members"] for team in teams] == expected


@settings(max_examples=400)
@given(task_lists(), CAPACITY)
def test_a_certificate_of_infeasibility_is_right(tasks: list[Task], capacity: dict[str, int]) -> None:
    feasible = next(feasible_teams(tasks, capacity, SEED), None) is not None
    try:
        check_feasible(tasks, capacity)
    except InfeasibleTeams as error:
        assert not feasible
        _check_certificate(error.extra, tasks, capacity)
    else:
        assert feasible


def _check_certificate(shortage: Any, tasks: list[Task], capacity: dict[str, int]) -> None:
    named = [task for task in tasks if task["task"] in shortage["tasks"]]
    eligible = {person for task in named for person in task["eligible"]}
    usable = sum(min(capacity[p], sum(p in task["eligible"] for task in named)) for p in eligible)
    demand = sum(task["size"] for task in named)
    assert shortage["inspectors"] == sorted(eligible)
    assert (shortage["demand"], shortage["available"]) == (demand, usable)
    assert shortage["missing"] == demand - usable > 0


def test_the_plain_capacity_of_the_eligible_does_not_prove_infeasibility() -> None:
    with pytest.raises(InfeasibleTeams) as error:
        check_feasible([{"eligible": ["A"], "size": 2, "task": "T"}], {"A": 5})
    assert {**error.value.extra} == {
        "available": 1,
        "demand": 2,
        "inspectors": ["A"],
        "missing": 1,
        "tasks": ["T"],
    }


def test_only_the_tasks_that_compete_are_named() -> None:
    tasks: list[Task] = [
        {"eligible": ["A", "B"], "size": 1, "task": "T1"},
        {"eligible": ["A", "B"], "size": 2, "task": "T2"},
        {"eligible": ["C", "D"], "size": 2, "task": "T3"},
    ]
    with pytest.raises(InfeasibleTeams) as error:
        check_feasible(tasks, dict.fromkeys("ABCD", 1))
    assert error.value.extra["tasks"] == ["T1", "T2"]
    assert error.value.extra["inspectors"] == ["A", "B"]
    assert error.value.extra["missing"] == 1
    said = str(error.value.detail)
    assert "任务T1、T2共需 3 人次；能够承担的检查人员只有A、B，按各自承载量至多可派 2 人次，尚缺 1 人次。" in said
    assert "Tasks T1, T2 need 3 places. Only A, B may serve on them and can give at most 2: 1 are missing." in said


def test_tasks_that_nobody_may_serve_on_and_long_lists_are_said_plainly() -> None:
    tasks: list[Task] = [{"eligible": [], "size": 1, "task": f"T{n:02d}"} for n in range(12)]
    with pytest.raises(InfeasibleTeams) as error:
        check_feasible(tasks, {"A": 1})
    said = str(error.value.detail)
    assert "T09等 12 项共需 12 人次；没有检查人员能够承担，可派 0 人次" in said
    assert "T09 (12 in all) need 12 places. Nobody may serve on them: there are at most 0: 12 are missing." in said


@settings(max_examples=100)
@given(task_lists(), CAPACITY, SEEDS, st.data())
def test_an_inspector_nobody_is_eligible_with_changes_nothing(
    tasks: list[Task], capacity: dict[str, int], seed: str, data: Any
) -> None:
    try:
        teams = assign("sha-256", seed, tasks, capacity)
    except InfeasibleTeams:
        assume(False)
    more = {**capacity, data.draw(st.sampled_from(["0", "Bb", "Z"])): 2}
    assert assign("sha-256", seed, tasks, more) == teams


def test_a_tight_draw_uses_every_place_exactly() -> None:
    tasks, capacity = tight_tasks(60, 90, 3, 12)
    teams = assign("sha-256", SEED, tasks, capacity)
    used = dict.fromkeys(capacity, 0)
    for team, task in zip(teams, tasks, strict=True):
        assert len(set(team["members"])) == task["size"]
        assert set(team["members"]) <= set(task["eligible"])
        for person in team["members"]:
            used[person] += 1
    assert used == capacity


def test_members_stand_in_ticket_order_with_their_tickets() -> None:
    task: Task = {"eligible": PEOPLE, "size": 3, "task": "T"}
    (team,) = assign("sm3", SEED, [task], dict.fromkeys(PEOPLE, 1))
    urn = Urn("sm3", SEED, "inspector")
    assert team["tickets"] == sorted(team["tickets"])
    assert team["tickets"] == [urn.ticket(f"T/{person}").hex() for person in team["members"]]
