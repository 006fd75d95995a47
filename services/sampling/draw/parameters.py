"""The parameters of an object draw and of an inspector draw, checked against the frame (draw-protocol §4, §5)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.sampling.draw.allocation import Stratum, allocate, required, reserves
from services.sampling.draw.errors import InvalidPlan
from services.sampling.draw.frame import Frame, units_per_stratum
from services.sampling.draw.selection import Place
from services.sampling.draw.teams import Task, check_feasible
from services.sampling.draw.text import ascending, is_hex, is_identifier

_OBJECT: Final = {"allocation", "minimum_ratio", "sample_size", "waiver"}
_PLACE: Final = {"quota", "reserves", "stratum", "units"}
_REPLACES: Final = {"commitment_digest", "kept", "outgoing", "task"}


def allocation(strata: Sequence[Stratum], sample_size: int, asked_reserves: int) -> list[dict[str, Any]]:
    """Allocation as it stands in the parameters; a floor or multiplier other than 0 and 1 stands in it too.

    Raises:
        InvalidPlan, InfeasibleAllocation: see `allocate`.
    """
    quota = allocate(strata, sample_size)
    return [_place(stratum, quota[stratum.stratum], asked_reserves) for stratum in sorted(strata)]


def _place(stratum: Stratum, quota: int, asked_reserves: int) -> dict[str, Any]:
    plain = Stratum(stratum.stratum, stratum.units)
    own = {name: value for name, value in stratum._asdict().items() if value != getattr(plain, name)}
    kept = reserves(stratum.units, quota, asked_reserves)
    return {"quota": quota, "reserves": kept, "stratum": stratum.stratum, "units": stratum.units, **own}


def places(parameters: Mapping[str, Any]) -> list[Place]:
    """Give the places of each stratum, strata ascending."""
    return [Place(p["stratum"], p["quota"], p["reserves"]) for p in parameters["allocation"]]


def check_object(parameters: Any, frame: Frame) -> None:
    """Refuse parameters of an object draw that do not follow from the frame and the sample size.

    Raises:
        InvalidPlan: wrong members, other strata or counts than the frame's, another quota or reserve than the rule
            gives, or a sample below the minimum ratio without a waiver.
        InfeasibleAllocation: the sample cannot be allocated.
    """
    if not isinstance(parameters, dict) or parameters.keys() != _OBJECT:
        raise _invalid(f"the members are {', '.join(sorted(_OBJECT))}", "")
    entries, size = parameters["allocation"], parameters["sample_size"]
    if not isinstance(entries, list) or not all(map(_is_place, entries)) or not _natural(size):
        raise _invalid("an allocation names strata with whole numbers", "/allocation")
    if [(e["stratum"], e["units"]) for e in entries] != list(units_per_stratum(frame).items()):
        raise _invalid("the allocation names the strata of the frame, ascending, with their units", "/allocation")
    asked = max(entry["reserves"] for entry in entries)
    strata = [Stratum(e["stratum"], e["units"], e.get("multiplier", 1), e.get("floor", 0)) for e in entries]
    if allocation(strata, size, asked) != entries:
        raise _invalid("quotas and reserves are those that the rule gives", "/allocation")
    _check_ratio(parameters, len(frame))


def _is_place(entry: Any) -> bool:
    if not isinstance(entry, dict) or not entry.keys() >= _PLACE or entry.keys() - _PLACE - {"floor", "multiplier"}:
        return False
    return is_identifier(entry["stratum"]) and all(_natural(entry[name]) for name in entry.keys() - {"stratum"})


def _natural(value: Any) -> bool:
    return type(value) is int and value >= 0


def _check_ratio(parameters: Mapping[str, Any], units: int) -> None:
    ratio, waiver = parameters["minimum_ratio"], parameters["waiver"]
    if not isinstance(ratio, list) or list(map(_natural, ratio)) != [True, True] or not 0 < ratio[1] >= ratio[0]:
        raise _invalid("a ratio is [numerator, denominator], at most 1", "/minimum_ratio")
    least = required(0, (ratio[0], ratio[1]), units)
    if waiver is None and parameters["sample_size"] < least:
        raise _invalid(f"the ratio asks for {least}: raise the sample or record a waiver", "/sample_size")
    if waiver is not None and not _is_waiver(waiver, least):
        raise _invalid("a waiver names its approver, its reason and the size it waives", "/waiver")


def _is_waiver(waiver: Any, least: int) -> bool:
    return (
        isinstance(waiver, dict)
        and waiver.keys() == {"approved_by", "reason", "required"}
        and is_identifier(waiver["approved_by"])
        and is_identifier(waiver["reason"])
        and type(waiver["required"]) is int
        and waiver["required"] == least
    )


def check_inspector(parameters: Any, frame: Frame) -> None:
    """Refuse parameters of an inspector draw that do not fit the frame or that no seed could fill.

    Raises:
        InvalidPlan: wrong members, a capacity for other people than the frame's, a malformed task, or a replacement
            that could bring back whom it replaces.
        InfeasibleTeams: not every task can be filled.
    """
    if not isinstance(parameters, dict) or parameters.keys() - {"replaces"} != {"capacity", "tasks"}:
        raise _invalid("the members are capacity, tasks and, in a replacement draw, replaces", "")
    capacity, tasks = parameters["capacity"], parameters["tasks"]
    people = {unit["unit_id"] for unit in frame}
    if not isinstance(capacity, dict) or capacity.keys() != people or not all(map(_natural, capacity.values())):
        raise _invalid("capacity gives a whole number for every inspector of the frame", "/capacity")
    if not isinstance(tasks, list) or not tasks or not all(_is_task(task, people) for task in tasks):
        raise _invalid("a task has a name, a size of 1 or more, and eligible people of the frame, ascending", "/tasks")
    if len({task["task"] for task in tasks}) != len(tasks):
        raise _invalid("a task stands twice", "/tasks")
    if "replaces" in parameters and not _is_replacement(parameters["replaces"], tasks):
        raise _invalid("a replacement draws one new member for the task it names", "/replaces")
    check_feasible(tasks, capacity)


def _is_task(task: Any, people: set[str]) -> bool:
    if not isinstance(task, dict) or task.keys() != Task.__required_keys__:
        return False
    eligible = task["eligible"]
    return (
        is_identifier(task["task"])
        and _natural(task["size"])
        and task["size"] > 0
        and isinstance(eligible, list)
        and all(isinstance(person, str) and person in people for person in eligible)
        and ascending(eligible)
    )


def _is_replacement(replaces: Any, tasks: Sequence[Task]) -> bool:
    if not isinstance(replaces, dict) or replaces.keys() != _REPLACES or len(tasks) != 1:
        return False
    kept = replaces["kept"]
    return (
        is_hex(replaces["commitment_digest"], 32)
        and is_identifier(replaces["outgoing"])
        and isinstance(kept, list)
        and all(map(is_identifier, kept))
        and ascending(kept)
        and (tasks[0]["task"], tasks[0]["size"]) == (replaces["task"], 1)
        and not {replaces["outgoing"], *kept} & set(tasks[0]["eligible"])
    )


def _invalid(detail: str, pointer: str) -> InvalidPlan:
    return InvalidPlan(detail, pointer=f"/parameters{pointer}")
