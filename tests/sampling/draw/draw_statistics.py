"""Who is drawn how often over many seeds, beside what the protocol promises.

    python -m tests.sampling.draw.draw_statistics [seeds]

Prints a table and writes build/draw-statistics.json. The seeds are SHA-256 of `statistics/0`, `statistics/1`, …: anyone gets the
same figures. For each part: the counts, the expectation from the protocol's text, a 99.9 % interval for each frequency, and
chi-square with the probability of a value as large under the promise (Wilson-Hilferty). Teams are random under constraints:
their part says what is seen and how far it is from uniform over all assignments.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any

from services.sampling.draw import selection, teams
from services.sampling.draw.frame import Unit
from services.sampling.draw.selection import Place, certificate
from services.sampling.draw.tickets import Urn

OUTPUT = Path("build/draw-statistics.json")
BOUND = NormalDist().inv_cdf(1 - 0.0005)
ALARM = 1e-6
"""A part whose chi-square would be so large so rarely is an error, not chance."""

Select = Callable[[str, str, Sequence[Unit], Sequence[Place]], tuple[list[Any], list[Any]]]


@dataclass(frozen=True)
class Line:
    """One thing counted: how often it was seen in `trials`, and how often it should be."""

    name: str
    seen: int
    trials: int
    expected: Fraction

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 99.9 % interval of the frequency."""
        p, n, z = self.seen / self.trials, self.trials, BOUND
        middle, half = p + z * z / (2 * n), z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5
        return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)

    def row(self) -> dict[str, Any]:
        """As it stands in the report."""
        low, high = self.interval
        return {
            "name": self.name,
            "seen": self.seen,
            "trials": self.trials,
            "frequency": round(self.seen / self.trials, 6),
            "expected": str(self.expected),
            "expected_frequency": round(float(self.expected), 6),
            "low": round(low, 6),
            "high": round(high, 6),
            "inside": low <= self.expected <= high,
        }


@dataclass(frozen=True)
class Part:
    """One promise: its lines, and chi-square over them."""

    title: str
    promise: str
    lines: list[Line]
    chi_square: float
    freedom: int

    @property
    def probability(self) -> float:
        """That chance alone gives as large a chi-square."""
        scaled = (max(self.chi_square, 0) / self.freedom) ** (1 / 3)
        spread = 2 / (9 * self.freedom)
        return 1 - NormalDist().cdf((scaled - (1 - spread)) / spread**0.5)

    def report(self) -> dict[str, Any]:
        """As it stands in the report."""
        return {
            "title": self.title,
            "promise": self.promise,
            "chi_square": round(self.chi_square, 2),
            "freedom": self.freedom,
            "probability": round(self.probability, 6),
            "inside": sum(line.row()["inside"] for line in self.lines),
            "of": len(self.lines),
            "lines": [line.row() for line in self.lines],
        }


def part_of_sample(title: str, promise: str, lines: list[Line]) -> Part:
    """Units that share a fixed number of places: their counts add up, which costs one degree of freedom."""
    n = len(lines)
    terms = [(one.seen - one.trials * one.expected) ** 2 / (one.trials * one.expected * (1 - one.expected)) for one in lines]
    return Part(title, promise, lines, float(sum(terms) * Fraction(n - 1, n)), n - 1)


def part_of_choice(title: str, promise: str, groups: Iterable[list[Line]]) -> Part:
    """Choices of one out of several, group by group (Pearson)."""
    chosen = list(groups)
    terms = [(one.seen - one.trials * one.expected) ** 2 / (one.trials * one.expected) for group in chosen for one in group]
    lines = [one for group in chosen for one in group]
    return Part(title, promise, lines, float(sum(terms)), len(lines) - len(chosen))


def seeds(count: int) -> Iterator[str]:
    """The seeds of the report."""
    return (hashlib.sha256(f"statistics/{number}".encode()).hexdigest() for number in range(count))


def frame_of(stratum: str, weights: Sequence[int], items: int) -> list[Unit]:
    """Units of one stratum."""
    return [
        {
            "items": [f"{number:04d}-{item}" for item in range(items)],
            "salt": f"{number:032x}",
            "stratum": stratum,
            "unit_id": f"{stratum}-{number:02d}",
            "weight": weight,
        }
        for number, weight in enumerate(weights)
    ]


PLACES = [Place("A", 3, 2), Place("B", 5, 3), Place("W", 1, 1)]
FRAME = frame_of("A", [1] * 12, 1) + frame_of("B", [1] * 25, 3) + frame_of("W", [1, 1, 2, 3, 5], 1)


def objects(hash_name: str, count: int, select: Select = selection.select) -> list[Part]:
    """Inclusion, reserves, ranks, certificates and weights over `count` draws from the same frame."""
    ranks: Counter[tuple[str, int]] = Counter()
    chosen: Counter[tuple[str, str, str]] = Counter()
    multiple = [unit for unit in FRAME if len(unit["items"]) > 1]
    for seed in seeds(count):
        drawn = select(hash_name, seed, FRAME, PLACES)
        ranks.update((entry["unit_id"], entry["rank"]) for entries in drawn for entry in entries)
        names, items = {entry["unit_id"] for entry in drawn[0]}, Urn(hash_name, seed, "certificate")
        for unit in multiple:
            part = "selected" if unit["unit_id"] in names else "not selected"
            chosen[unit["unit_id"], part, certificate(items, unit)] += 1
    equal = [place for place in PLACES if place.stratum != "W"]
    return [
        *(_inclusion(place, ranks, count) for place in equal),
        *(_reserve(place, ranks, count) for place in equal),
        *(_places(place, ranks, count) for place in equal),
        _certificates(multiple, chosen),
        _independence(multiple, chosen),
        *_weights(ranks, count),
    ]


def _units(stratum: str) -> list[Unit]:
    return [unit for unit in FRAME if unit["stratum"] == stratum]


def _counted(place: Place, ranks: Counter[tuple[str, int]], count: int, first: int, last: int) -> list[Line]:
    units = _units(place.stratum)
    expected = Fraction(last - first + 1, len(units))
    seen = {one["unit_id"]: sum(ranks[one["unit_id"], rank] for rank in range(first, last + 1)) for one in units}
    return [Line(name, number, count, expected) for name, number in seen.items()]


def _inclusion(place: Place, ranks: Counter[tuple[str, int]], count: int) -> Part:
    promise = f"each unit of stratum {place.stratum} is selected with quota/N"
    return part_of_sample(f"inclusion in {place.stratum}", promise, _counted(place, ranks, count, 1, place.quota))


def _reserve(place: Place, ranks: Counter[tuple[str, int]], count: int) -> Part:
    last = place.quota + place.reserves
    promise = f"each unit of stratum {place.stratum} is in reserve with reserves/N"
    return part_of_sample(f"reserve of {place.stratum}", promise, _counted(place, ranks, count, place.quota + 1, last))


def _places(place: Place, ranks: Counter[tuple[str, int]], count: int) -> Part:
    units, last = _units(place.stratum), place.quota + place.reserves
    rows = (
        [Line(f"{one['unit_id']} at {rank}", ranks[one["unit_id"], rank], count, Fraction(1, len(units))) for one in units]
        for rank in range(1, last + 1)
    )
    return part_of_choice(f"order in {place.stratum}", "each rank, reserves included, falls on each unit alike", rows)


def _certificates(units: Sequence[Unit], chosen: Counter[tuple[str, str, str]]) -> Part:
    def of(unit: Unit) -> list[Line]:
        seen = {item: sum(chosen[unit["unit_id"], part, item] for part in ("selected", "not selected")) for item in unit["items"]}
        return [Line(item, number, sum(seen.values()), Fraction(1, len(seen))) for item, number in seen.items()]

    return part_of_choice("certificates", "each certificate of a unit is taken alike", map(of, units))


def _independence(units: Sequence[Unit], chosen: Counter[tuple[str, str, str]]) -> Part:
    def of(unit: Unit, part: str) -> list[Line]:
        seen = {item: chosen[unit["unit_id"], part, item] for item in unit["items"]}
        total = max(sum(seen.values()), 1)
        return [Line(f"{item} if {part}", number, total, Fraction(1, len(seen))) for item, number in seen.items()]

    groups = (of(unit, part) for unit in units for part in ("selected", "not selected"))
    return part_of_choice("certificate and unit", "the certificate is taken alike whether or not the unit is selected", groups)


def _weights(ranks: Counter[tuple[str, int]], count: int) -> Iterator[Part]:
    units = _units("W")
    total = sum(unit["weight"] for unit in units)
    first = [
        Line(f"{u['unit_id']} weight {u['weight']}", ranks[u["unit_id"], 1], count, Fraction(u["weight"], total)) for u in units
    ]
    yield part_of_choice("weights", "the first of a stratum is drawn in proportion to its weight", [first])
    second = [
        Line(f"{u['unit_id']} weight {u['weight']}", ranks[u["unit_id"], 2], count, _second(u, units, total)) for u in units
    ]
    yield part_of_choice("weights, second", "the second in proportion among those who are left", [second])


def _second(unit: Unit, units: Sequence[Unit], total: int) -> Fraction:
    others = [other["weight"] for other in units if other is not unit]
    return sum((Fraction(w, total) * Fraction(unit["weight"], total - w) for w in others), Fraction())


AMPLE: list[teams.Task] = [{"eligible": [f"I{n}" for n in range(8)], "size": 2, "task": f"T{t}"} for t in range(3)]
TIGHT: list[teams.Task] = [
    {"eligible": ["I0", "I1"], "size": 1, "task": "T0"},
    {"eligible": ["I1", "I2"], "size": 1, "task": "T1"},
    {"eligible": ["I2", "I3"], "size": 1, "task": "T2"},
]
ROOMY, SCARCE = {f"I{n}": 3 for n in range(8)}, {f"I{n}": 1 for n in range(4)}


def ample_teams(hash_name: str, count: int) -> Part:
    """Where capacity is ample, every eligible inspector is equally likely."""
    seen: Counter[tuple[str, str]] = Counter()
    for seed in seeds(count):
        seen.update((team["task"], who) for team in teams.assign(hash_name, seed, AMPLE, ROOMY) for who in team["members"])
    lines = [Line(f"{task['task']} {who}", seen[task["task"], who], count, Fraction(2, 8)) for task in AMPLE for who in ROOMY]
    parts = [part_of_sample("", "", lines[start : start + 8]) for start in range(0, len(lines), 8)]
    chi, freedom = sum(part.chi_square for part in parts), sum(part.freedom for part in parts)
    return Part("teams, ample", "each eligible inspector is in a team with size/eligible", lines, chi, freedom)


def tight_teams(hash_name: str, count: int) -> tuple[Part, dict[str, Any]]:
    """Where capacity is tight: how often each assignment was drawn, beside what the rule gives and beside uniform."""
    seen = Counter(_named([team["members"] for team in teams.assign(hash_name, seed, TIGHT, SCARCE)]) for seed in seeds(count))
    expected = _first_feasible()
    lines = [Line(name, seen[name], count, share) for name, share in sorted(expected.items())]
    part = part_of_choice("teams, tight", "each assignment as often as it is the first feasible one in ticket order", [lines])
    away = sum(abs(Fraction(seen[name], count) - Fraction(1, len(expected))) for name in expected) / 2
    return part, {
        "statement": teams.DISTRIBUTION["en"],
        "uniform_frequency": round(1 / len(expected), 6),
        "distance_from_uniform": round(float(away), 4),
        "all_feasible": set(seen) <= set(expected),
    }


def _named(members: Iterable[Iterable[str]]) -> str:
    return " ".join(f"{task['task']}:{'+'.join(sorted(who))}" for task, who in zip(TIGHT, members, strict=True))


def _first_feasible() -> dict[str, Fraction]:
    """The rule by trying everything: all orders of tickets are equally likely, and the first feasible assignment wins."""
    orders = [list(itertools.permutations(task["eligible"])) for task in TIGHT]
    share, found = Fraction(1, len(list(itertools.product(*orders)))), Counter[str]()
    for order in itertools.product(*orders):
        found[_named(next(choice for choice in itertools.product(*map(_teams_in, order, TIGHT)) if _within(choice)))] += 1
    return {name: share * number for name, number in found.items()}


def _teams_in(order: Sequence[str], task: teams.Task) -> list[tuple[str, ...]]:
    return list(itertools.combinations(order, task["size"]))


def _within(choice: Iterable[Iterable[str]]) -> bool:
    load = Counter(who for members in choice for who in members)
    return all(number <= SCARCE[who] for who, number in load.items())


def report(count: int, hashes: Sequence[str] = ("sha-256", "sm3")) -> dict[str, Any]:
    """All parts under each hash."""
    found: dict[str, Any] = {"seeds": count, "interval": "99.9 % (Wilson)", "hashes": {}}
    for name in hashes:
        tight, described = tight_teams(name, count)
        parts = [part.report() for part in (*objects(name, count), ample_teams(name, count), tight)]
        found["hashes"][name] = {"parts": parts, "tight_teams": described}
    return found


def alarms(found: Mapping[str, Any]) -> list[str]:
    """Parts that chance does not explain."""
    return [
        f"{name}: {part['title']}" for name, of in found["hashes"].items() for part in of["parts"] if part["probability"] < ALARM
    ] + [f"{name}: an infeasible team" for name, of in found["hashes"].items() if not of["tight_teams"]["all_feasible"]]


def table(found: Mapping[str, Any]) -> str:
    """The report for people."""
    lines = [f"{found['seeds']} seeds; intervals {found['interval']}"]
    for name, of in found["hashes"].items():
        lines += ["", f"{name:<24}{'chi-square':>11}{'freedom':>9}{'p':>10}{'inside':>12}  promise"]
        lines += [
            f"{p['title']:<24}{p['chi_square']:>11.2f}{p['freedom']:>9}{p['probability']:>10.4f}"
            f"{p['inside']:>7} of {p['of']:<3}  {p['promise']}"
            for p in of["parts"]
        ]
        tight, assignments = of["tight_teams"], of["parts"][-1]["lines"]
        lines.append(
            f"teams, tight: random under constraints, not uniform: distance from uniform {tight['distance_from_uniform']}; "
            f"uniform would be {tight['uniform_frequency']:.4f} each"
        )
        lines += [f"  {one['frequency']:.4f}  expected {one['expected']:<4} {one['name']}" for one in assignments]
    return "\n".join(lines)


def main(count: int = 100_000) -> int:
    """Print, write, and fail where chance does not explain what was seen."""
    found = report(count)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    sys.stdout.write(table(found) + f"\n\nwritten to {OUTPUT}\n")
    return 1 if alarms(found) else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
