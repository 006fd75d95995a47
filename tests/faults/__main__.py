"""`python -m tests.faults [--short] [--seeds N] [--seed S] [--only PATTERN] [--report DIR]`: do experiments, write a report.

Exit code 1 when a check failed. Times beyond the promise are reported and do not fail the run: they depend on the machine.
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy import ROOT
from tests.faults import checks, load, plant
from tests.faults.catalogue import FAULTS, Fault
from tests.faults.laboratory import Laboratory, Result

HEADINGS = ("fault", "seed", "acts", "events", "effects", "recovered s", "promised s", "in time", "C1", "C2", "C3", "C4", "C5")


async def experiments(faults: Sequence[Fault], seeds: Sequence[int], directory: Path) -> list[Result]:
    """Do each fault with each seed, on a plant with the brokers it needs."""
    results: list[Result] = []
    for brokers in sorted({fault.brokers for fault in faults}):
        async with plant.running(directory / f"plant{brokers}", brokers) as running:
            await checks.prepare(running)
            laboratory = Laboratory(running, await load.prepare(running), datetime.now(UTC))
            load.begin_anew()
            here = [fault for fault in faults if fault.brokers == brokers]
            for seed, fault in itertools.product(seeds, here):
                results.append(await _one(laboratory, fault, seed))
    return results


async def _one(laboratory: Laboratory, fault: Fault, seed: int) -> Result:
    try:
        result = await laboratory.experiment(fault, seed)
    except Exception:  # noqa: BLE001  (an experiment that could not be done is a failed one)
        result = Result(fault.name, seed, wrong={"experiment": [traceback.format_exc()]})
        await laboratory.plant.ready(seconds=120)
    print(" | ".join(_cells(result)), flush=True)
    for check, wrongs in result.wrong.items():
        for wrong in wrongs[:5]:
            print(f"    {check}: {wrong}", flush=True)
    return result


def _cells(one: Result) -> list[str]:
    verdicts = ["–" if name not in one.wrong else "✗" if one.wrong[name] else "✓" for name in ("C1", "C2", "C3", "C4", "C5")]
    recovered = "never" if one.recovered is None else f"{one.recovered:.1f}"
    head = [one.fault, str(one.seed), str(one.acts), str(one.events), str(one.effects)]
    return [*head, recovered, f"{one.promised:.1f}", "yes" if one.in_time else "no", *verdicts]


def report(results: Sequence[Result], directory: Path, seconds: float) -> None:
    """Write what was done as JSON and as a table."""
    directory.mkdir(parents=True, exist_ok=True)
    document = {"at": datetime.now(UTC).isoformat(), "seconds": seconds, "experiments": [one.as_dict() for one in results]}
    (directory / "faults.json").write_text(json.dumps(document, ensure_ascii=False, indent=1))
    rows = [f"| {' | '.join(cells)} |" for cells in (HEADINGS, ["---"] * len(HEADINGS), *map(_cells, results))]
    correct, in_time = sum(one.correct for one in results), sum(one.in_time for one in results)
    summary = (
        f"{len(results)} experiments in {seconds:.0f} s: {correct} correct, {in_time} within the promise; "
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    (directory / "faults.md").write_text("\n".join(["# Faults", "", summary, "", *rows, ""]))
    print(summary)


def main() -> None:
    """Read the arguments, do the experiments, report."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--report", type=Path, default=ROOT / "build" / "faults")
    chosen = parser.parse_args()
    faults = [fault for fault in FAULTS if (fault.short or not chosen.short) and re.search(chosen.only, fault.name)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything that was started is ended
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ccc-faults-") as directory:
        seeds = range(chosen.seed, chosen.seed + chosen.seeds)
        results = asyncio.run(experiments(faults, seeds, Path(directory)))
    report(results, chosen.report, time.monotonic() - begun)
    sys.exit(0 if results and all(one.correct for one in results) else 1)


if __name__ == "__main__":
    main()
