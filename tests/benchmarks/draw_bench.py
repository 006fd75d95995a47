"""What a draw costs beside the hashing it cannot avoid. Run: python tests/benchmarks/draw_bench.py [units].

Prints JSON. Tickets and selection over the units are compared with hashing their ids with hashlib in the same run
(target: at most 2); `frame_root_s` is the price of binding the frame, paid when it is sealed and when it is checked.
"""

import gc
import hashlib
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from services.sampling.draw import parameters, selection, teams
from services.sampling.draw.allocation import Stratum
from services.sampling.draw.frame import Unit, frame_root, units_per_stratum

SEED = hashlib.sha256(b"benchmark").hexdigest()
STRATA = 90


def frame_of(size: int) -> list[Unit]:
    """Build organisations with one certificate each."""
    return [
        {
            "items": [f"2022{i:012d}"],
            "salt": f"{i:032x}",
            "stratum": f"{3501 + i % STRATA}/WIRE",
            "unit_id": f"91350100MA{i:08d}",
            "weight": 1,
        }
        for i in range(size)
    ]


def best_of(runs: int, act: Callable[[], Any]) -> float:
    """Give the seconds of the fastest of several runs."""
    times = []
    for _ in range(runs):
        gc.collect()
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return min(times)


def hash_all(ids: list[str]) -> None:
    """Hash every id once, as plainly as hashlib can."""
    for unit_id in ids:
        hashlib.sha256(unit_id.encode()).digest()


def objects(size: int) -> dict[str, Any]:
    """Time a draw over `size` organisations of which a tenth are drawn."""
    frame = frame_of(size)
    ids = [unit["unit_id"] for unit in frame]
    strata = [Stratum(name, units) for name, units in units_per_stratum(frame).items()]
    rows = parameters.allocation(strata, max(STRATA, size // 10), 5)
    small = parameters.places({"allocation": parameters.allocation(strata, max(STRATA, 100), 5)})
    large = parameters.places({"allocation": rows})
    hashing = best_of(5, lambda: hash_all(ids))
    drawing = best_of(5, lambda: selection.select("sha-256", SEED, frame, small))
    tenth = best_of(3, lambda: selection.select("sha-256", SEED, frame, large))
    tracemalloc.start()
    selection.select("sha-256", SEED, frame, small)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "units": size,
        "hash_ids_s": round(hashing, 3),
        "draw_100_s": round(drawing, 3),
        "draw_100_ratio": round(drawing / hashing, 2),
        "draw_tenth_s": round(tenth, 3),
        "draw_tenth_ratio": round(tenth / hashing, 2),
        "extra_bytes_per_unit": round(peak / size, 3),
        "frame_root_s": round(best_of(1, lambda: frame_root("sha-256", frame)), 3),
    }


def tight_tasks(tasks: int, people: int, size: int, choices: int) -> tuple[list[teams.Task], dict[str, int]]:
    """Build tasks that a hidden assignment fills with no place to spare."""
    chance = random.Random(7)
    ids = [f"FJ-{i:04d}" for i in range(people)]
    capacity = dict.fromkeys(ids, 0)
    rows: list[teams.Task] = []
    for number in range(tasks):
        hidden = chance.sample(ids, size)
        for person in hidden:
            capacity[person] += 1
        eligible = sorted({*hidden, *chance.sample(ids, choices)})
        rows.append({"eligible": eligible, "size": size, "task": f"T{number:04d}"})
    return rows, capacity


def team_draw(choices: int) -> dict[str, Any]:
    """Time 300 tasks of 3 out of 600 inspectors without slack."""
    tasks, capacity = tight_tasks(300, 600, 3, choices)
    seconds = best_of(3, lambda: teams.assign("sha-256", SEED, tasks, capacity))
    return {"tasks": 300, "inspectors": 600, "size": 3, "further_eligible": choices, "seconds": round(seconds, 3)}


if __name__ == "__main__":
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    report = {"objects": objects(units), "teams": [team_draw(choices) for choices in (3, 8, 30, 150, 600)]}
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
