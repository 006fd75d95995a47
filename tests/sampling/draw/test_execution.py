from copy import deepcopy
from typing import Any

import pytest

from services.sampling.draw.commitment import commitment_digest
from services.sampling.draw.errors import (
    DrawError,
    FrameChanged,
    IncompleteContributions,
    InfeasibleAllocation,
    InfeasibleTeams,
    InvalidFrame,
    InvalidPlan,
)
from services.sampling.draw.execution import execute
from tests.sampling.draw.builders import (
    WITNESS,
    commit,
    contributions,
    frame,
    object_draw,
    object_parameters,
    team_draw,
)

TASKS: list[dict[str, Any]] = [
    {"eligible": ["A", "B", "C"], "size": 2, "task": "T1"},
    {"eligible": ["A", "B", "D"], "size": 2, "task": "T2"},
]
CAPACITY = dict.fromkeys("ABCD", 1)


@pytest.mark.parametrize("hash_name", ["sha-256", "sm3"])
def test_the_same_arguments_give_the_same_result(hash_name: str) -> None:
    draw = object_draw(hash_name=hash_name)
    assert execute(*draw) == execute(*deepcopy(draw))
    assert len(execute(*draw).selected) == 4


def test_an_inspector_draw_gives_teams_and_no_reserves() -> None:
    result = execute(*team_draw(TASKS, CAPACITY))
    assert [team["task"] for team in result.selected] == ["T1", "T2"]
    assert sorted(person for team in result.selected for person in team["members"]) == list("ABCD")
    assert result.reserves == []


def test_another_value_gives_another_seed() -> None:
    committed, units, given = object_draw()
    other = contributions(committed, {"witness-1": "八闽 2025", "public-1": "07 11 19"})
    assert execute(committed, units, given).seed != execute(committed, units, other).seed


@pytest.mark.parametrize("change", ["weight", "stratum", "items", "salt", "removed", "added"])
def test_a_frame_changed_after_the_seal_is_refused(change: str) -> None:
    committed, units, given = object_draw()
    changed: dict[str, Any] = {
        "weight": [{**units[0], "weight": 9}, *units[1:]],
        "stratum": [{**units[0], "stratum": units[1]["stratum"]}, *units[1:]],
        "items": [{**units[0], "items": ["1"]}, *units[1:]],
        "salt": [{**units[0], "salt": "00" * 16}, *units[1:]],
        "removed": units[1:],
        "added": frame(13),
    }
    with pytest.raises(FrameChanged):
        execute(committed, changed[change], given)


CHANGES: dict[str, list[Any]] = {
    "attempt": [0, 2, True, "1"],
    "campaign": ["", None],
    "draw_id": [" x", 3],
    "entropy_plan": [[], None],
    "frame_root": ["", None],
    "frame_size": ["12", None],
    "hash": ["md5", None],
    "kind": ["certificate", None],
    "previous": ["", "AB" * 32],
    "protocol": ["ccc-draw/2", None],
    "sealed_at": ["yesterday", "2024-08-05T09:00:00", None],
    "sealed_by": ["", None],
    "supersedes": ["ab" * 32, "x"],
    "parameters": [None, {}, []],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in CHANGES.items() for value in values])
def test_a_malformed_commitment_is_refused(name: str, value: Any) -> None:
    committed, units, given = object_draw()
    with pytest.raises(InvalidPlan):
        execute({**committed, name: value}, units, given)


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_commitment_without_one_of_its_members_is_refused(name: str) -> None:
    committed, units, given = object_draw()
    del committed[name]
    with pytest.raises(InvalidPlan):
        execute(committed, units, given)


def test_a_redraw_names_what_it_supersedes() -> None:
    first, units, _ = object_draw()
    again = commit("object", units, first["parameters"], attempt=2, supersedes=commitment_digest(first))
    assert len(execute(again, units, contributions(again)).selected) == 4
    with pytest.raises(InvalidPlan):
        commit("object", units, first["parameters"], attempt=2)


def _with(terms: dict[str, Any], row: int, **change: Any) -> dict[str, Any]:
    changed = deepcopy(terms)
    changed["allocation"][row].update(change)
    return changed


UNITS = frame(12)
TERMS = object_parameters(UNITS, 4)


MALFORMED_ALLOCATIONS: list[dict[str, Any]] = [
    _with(TERMS, 0, quota=1),
    _with(TERMS, 0, quota=7),
    _with(TERMS, 0, reserves=1),
    _with(TERMS, 0, units=5),
    _with(TERMS, 0, stratum="3509/X"),
    _with(TERMS, 0, multiplier=3),
    _with(TERMS, 0, multiplier=1),
    _with(TERMS, 0, floor=0),
    _with(TERMS, 0, quota=-1),
    _with(TERMS, 0, quota=True),
    _with(TERMS, 0, colour=1),
    {**TERMS, "allocation": list(reversed(TERMS["allocation"]))},
    {**TERMS, "allocation": TERMS["allocation"][:1]},
    {**TERMS, "allocation": []},
    {**TERMS, "allocation": None},
    {**TERMS, "sample_size": 5},
    {**TERMS, "sample_size": "4"},
    {**TERMS, "minimum_ratio": [1, 2]},
    {**TERMS, "minimum_ratio": [1, 0]},
    {**TERMS, "minimum_ratio": [3, 2]},
    {**TERMS, "minimum_ratio": [1]},
    {**TERMS, "minimum_ratio": 0},
    {**TERMS, "waiver": {}},
    {**TERMS, "waiver": {"approved_by": "p", "reason": "r", "required": 5}},
    {**TERMS, "colour": 1},
]


@pytest.mark.parametrize("terms", MALFORMED_ALLOCATIONS, ids=str)
def test_parameters_that_do_not_follow_from_the_frame_are_not_sealed(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidPlan):
        commit("object", UNITS, terms)


def test_a_sample_below_the_ratio_needs_a_waiver() -> None:
    waived = {**TERMS, "minimum_ratio": [1, 2], "waiver": {"approved_by": "p-02", "reason": "budget", "required": 6}}
    assert commit("object", UNITS, waived)["parameters"]["waiver"]["required"] == 6


def test_a_sample_above_the_frame_is_not_sealed() -> None:
    with pytest.raises(InfeasibleAllocation):
        commit("object", UNITS, {**TERMS, "sample_size": 13})


def _task(**change: Any) -> dict[str, Any]:
    return {"capacity": CAPACITY, "tasks": [{**TASKS[0], **change}]}


REPLACES: dict[str, Any] = {"commitment_digest": "ab" * 32, "kept": ["B"], "outgoing": "A", "task": "T1"}
ONE: dict[str, Any] = {"eligible": ["C", "D"], "size": 1, "task": "T1"}


MALFORMED_TASKS: list[dict[str, Any]] = [
    {"capacity": CAPACITY},
    {"capacity": {**CAPACITY, "A": -1}, "tasks": TASKS},
    {"capacity": {**CAPACITY, "A": True}, "tasks": TASKS},
    {"capacity": dict.fromkeys("ABCDE", 1), "tasks": TASKS},
    {"capacity": dict.fromkeys("ABC", 1), "tasks": TASKS},
    {"capacity": None, "tasks": TASKS},
    {"capacity": CAPACITY, "tasks": []},
    {"capacity": CAPACITY, "tasks": [TASKS[0], TASKS[0]]},
    {"capacity": CAPACITY, "tasks": [None]},
    _task(size=0),
    _task(size="2"),
    _task(task=""),
    _task(eligible=["B", "A"]),
    _task(eligible=["A", "Z"]),
    _task(eligible=[["A"]]),
    _task(eligible=None),
    _task(colour="red"),
    {"capacity": CAPACITY, "tasks": [ONE], "replaces": {**REPLACES, "task": "T2"}},
    {"capacity": CAPACITY, "tasks": [ONE], "replaces": {**REPLACES, "outgoing": "C"}},
    {"capacity": CAPACITY, "tasks": [ONE], "replaces": {**REPLACES, "kept": ["D"]}},
    {"capacity": CAPACITY, "tasks": [ONE], "replaces": {**REPLACES, "kept": None}},
    {"capacity": CAPACITY, "tasks": [ONE], "replaces": {**REPLACES, "commitment_digest": "x"}},
    {"capacity": CAPACITY, "tasks": [{**ONE, "size": 2}], "replaces": REPLACES},
    {"capacity": CAPACITY, "tasks": [ONE, TASKS[1]], "replaces": REPLACES},
    {"capacity": CAPACITY, "tasks": [ONE], "replaces": None},
]


@pytest.mark.parametrize("terms", MALFORMED_TASKS, ids=str)
def test_malformed_tasks_and_capacities_are_not_sealed(terms: Any) -> None:
    people = team_draw(TASKS, CAPACITY)[1]
    with pytest.raises(InvalidPlan):
        commit("inspector", people, terms, [WITNESS])


def test_tasks_that_no_seed_could_fill_are_not_sealed() -> None:
    with pytest.raises(InfeasibleTeams):
        team_draw(TASKS, {**CAPACITY, "D": 0})


def test_the_draw_is_not_executed_without_all_values() -> None:
    committed, units, given = object_draw()
    with pytest.raises(IncompleteContributions):
        execute(committed, units, given[:-1])


def test_a_frame_of_the_wrong_kind_is_refused() -> None:
    committed, _, given = object_draw()
    with pytest.raises(InvalidFrame):
        execute(committed, team_draw(TASKS, CAPACITY)[1], given)


def test_every_error_has_a_code_and_titles_of_its_own() -> None:
    classes = DrawError.__subclasses__()
    assert len(classes) > 15
    for name in ("code", "title_zh", "title_en"):
        assert len({getattr(each, name) for each in classes}) == len(classes)
