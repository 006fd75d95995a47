"""Inspection teams: the first feasible assignment in ticket order, or proof that there is none (draw-protocol §7)."""

from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

from services.sampling.draw.errors import InfeasibleTeams
from services.sampling.draw.flow import Assignment, bits
from services.sampling.draw.tickets import Urn

DISTRIBUTION: Final = {
    "en": "These teams are random under constraints, not uniform over all possible assignments. Tasks are served in "
    "the order in which their objects were drawn. For each task the eligible inspectors are ordered by their "
    "tickets, and each place goes to the first inspector with whom this task and all later ones can still be "
    "filled. Where capacity is ample, every eligible inspector is equally likely; where it is tight, those whom "
    "other tasks cannot spare are chosen less often.",
    "zh": "检查组是在约束条件下随机产生的，并非在所有可能的分配方案中均匀抽取。任务按其检查对象的抽中顺序依次处理；"
    "每项任务的合格检查人员按签号由小到大排列，每个名额给予第一个使本任务及其后全部任务仍能配齐的人员。"
    "人员充裕时，合格人员机会均等；人员紧张时，其他任务不可缺少的人员被抽中的机会相应降低。",
}
"""How the distribution of teams arises; stands in every issued transcript of a team draw."""

_NAMED: Final = 10
"""How many tasks or inspectors the words of an error name; its members name all."""


class Task(TypedDict):
    """One task: who may serve on it, and how many are needed."""

    eligible: list[str]
    size: int
    task: str


class Team(TypedDict):
    """A drawn team as it stands in a transcript, members in the order in which they were drawn."""

    members: list[str]
    task: str
    tickets: list[str]


class Shortage(TypedDict):
    """Proof that no assignment exists: these tasks need more places than their eligible inspectors can give.

    An inspector gives at most his capacity and at most one place to each task he is eligible for.
    """

    available: int
    demand: int
    inspectors: list[str]
    missing: int
    tasks: list[str]


def assign(hash_name: str, seed: str, tasks: Sequence[Task], capacity: Mapping[str, int]) -> list[Team]:
    """Teams of all tasks, in their order.

    Raises:
        InfeasibleTeams: not every task can be filled; carries the `Shortage`.
    """
    people = sorted(capacity)
    number = {person: index for index, person in enumerate(people)}
    assignment = _filled(tasks, capacity, people)
    urn = Urn(hash_name, seed, "inspector")
    teams = []
    for index, task in enumerate(tasks):
        order = sorted((urn.ticket(f"{task['task']}/{person}"), person) for person in task["eligible"])
        teams.append(_team(assignment, index, task, [(t, p, number[p]) for t, p in order]))
    return teams


def _team(assignment: Assignment, index: int, task: Task, order: Sequence[tuple[bytes, str, int]]) -> Team:
    team: Team = {"members": [], "task": task["task"], "tickets": []}
    dead = 0
    for ticket, person, bit in order:
        dead = assignment.settle(index, bit, dead)
        if not dead >> bit & 1:
            team["members"].append(person)
            team["tickets"].append(ticket.hex())
            if len(team["members"]) == task["size"]:
                break
    return team


def check_feasible(tasks: Sequence[Task], capacity: Mapping[str, int]) -> None:
    """Refuse tasks that no seed could fill: whether teams exist does not depend on the draw.

    Raises:
        InfeasibleTeams: carries the `Shortage`.
    """
    _filled(tasks, capacity, sorted(capacity))


def _filled(tasks: Sequence[Task], capacity: Mapping[str, int], people: Sequence[str]) -> Assignment:
    number = {person: index for index, person in enumerate(people)}
    eligible = [sum(1 << number[person] for person in task["eligible"]) for task in tasks]
    assignment = Assignment(eligible, [task["size"] for task in tasks], [capacity[person] for person in people])
    assignment.fill()
    if assignment.lacking():
        raise _infeasible(_shortage(assignment, tasks, capacity, people))
    return assignment


def _shortage(assignment: Assignment, tasks: Sequence[Task], capacity: Mapping[str, int], people: Sequence[str]) -> Shortage:
    cut = assignment.competing()
    union = 0
    for index in cut:
        union |= assignment.eligible[index]
    places = {people[i]: sum(assignment.eligible[t] >> i & 1 for t in cut) for i in bits(union)}
    available = sum(min(capacity[person], number) for person, number in places.items())
    demand = sum(tasks[index]["size"] for index in cut)
    return {
        "available": available,
        "demand": demand,
        "inspectors": list(places),
        "missing": demand - available,
        "tasks": [tasks[index]["task"] for index in cut],
    }


def _infeasible(shortage: Shortage) -> InfeasibleTeams:
    return InfeasibleTeams(f"{_in_chinese(shortage)} {_in_english(shortage)}", **shortage)


def _in_chinese(shortage: Shortage) -> str:
    tasks, people = _listed(shortage["tasks"], "、", "等 {} 项"), _listed(shortage["inspectors"], "、", "等 {} 名")
    who = f"能够承担的检查人员只有{people}，按各自承载量至多可派" if people else "没有检查人员能够承担，可派"
    return (
        f"任务{tasks}共需 {shortage['demand']} 人次；{who} {shortage['available']} 人次，尚缺 {shortage['missing']} 人次。"
        "请增加合格人员、提高承载量，或减少同批任务后再抽取。"
    )


def _in_english(shortage: Shortage) -> str:
    tasks, people = _listed(shortage["tasks"], ", ", " ({} in all)"), _listed(shortage["inspectors"], ", ", " ({} in all)")
    who = f"Only {people} may serve on them and can give" if people else "Nobody may serve on them: there are"
    return (
        f"Tasks {tasks} need {shortage['demand']} places. {who} at most {shortage['available']}: "
        f"{shortage['missing']} are missing. Add eligible inspectors, raise a capacity, or draw fewer tasks at once."
    )


def _listed(names: Sequence[str], comma: str, of_all: str) -> str:
    shown = comma.join(names[:_NAMED])
    return shown if len(names) <= _NAMED else shown + of_all.format(len(names))
