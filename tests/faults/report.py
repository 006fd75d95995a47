"""What a run says: one line an experiment while it goes on, and a report with a line a fault, as JSON and as a table."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.catalogue import FAULTS
from tests.faults.experiment import Result
from tests.faults.mutation_checks import MutationCheck

CHECKS = ("C1", "C2", "C3", "C4", "C5")
HEADINGS = ("fault", "seeds", "correct", "acts", "events", "effects", "slowest recovery s", "promised s", "in time", *CHECKS)

HOW = """\
Recovery is counted from the end of a fault until every event published before that moment has been handled by every consumer.
A cut drops packets in the filter of the loopback: by port for all, by the group of its process for one service.
The clock that steps is the one that services are given as an argument. Everything else happens to real processes,
PostgreSQL and Apache Kafka, each on a disk of its own; two clusters run beside each other on the same processors."""


@dataclass
class Report:
    """What has been done so far."""

    results: list[Result] = field(default_factory=list)
    mutation_checks: list[MutationCheck] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every check held and every known defect was caught."""
        return bool(self.results) and all(one.correct for one in self.results) and all(one.caught for one in self.mutation_checks)

    def note(self, outcome: Result | MutationCheck) -> None:
        """Keep an outcome and say it."""
        if isinstance(outcome, MutationCheck):
            self.mutation_checks.append(outcome)
            print(f"known defect: {outcome.defect} | {_fate(outcome)}", flush=True)
            return
        self.results.append(outcome)
        print(f"{outcome.fault} | seed {outcome.seed} | {outcome.seconds:.0f} s | {_experiment(outcome)}", flush=True)
        for check, wrongs in outcome.wrong.items():
            for wrong in wrongs[:5]:
                print(f"    {check}: {wrong}", flush=True)

    def write(self, directory: Path, seconds: float) -> str:
        """Write `faults.json` and `faults.md`; gives the summary."""
        directory.mkdir(parents=True, exist_ok=True)
        summary = self._summary(seconds)
        document = {
            "at": datetime.now(UTC).isoformat(),
            "seconds": seconds,
            "experiments": [one.as_dict() for one in self.results],
            "defects": [one.as_dict() for one in self.mutation_checks],
        }
        (directory / "faults.json").write_text(json.dumps(document, ensure_ascii=False, indent=1))
        parts = ["# Faults", "", summary, "", *_table(self.results), "", HOW, "", *_misses(self.results)]
        parts += ["## Known defects", "", *(f"- {one.defect}: {_fate(one)}" for one in self.mutation_checks), ""]
        (directory / "faults.md").write_text("\n".join(parts))
        return summary

    def _summary(self, seconds: float) -> str:
        correct, in_time = sum(one.correct for one in self.results), sum(one.in_time for one in self.results)
        caught = sum(bool(one.caught) for one in self.mutation_checks)
        return (
            f"{len(self.results)} experiments in {seconds:.0f} s: {correct} correct, {in_time} within the promise; "
            f"{caught} of {len(self.mutation_checks)} known defects caught; "
            f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )


def _experiment(one: Result) -> str:
    verdicts = "".join(_verdict([one], check) for check in CHECKS)
    return f"{_seconds([one])} of {one.promised:.1f} s | {verdicts} | {one.acts} acts"


def _table(results: Sequence[Result]) -> list[str]:
    order = {fault.name: [one for one in results if one.fault == fault.name] for fault in FAULTS}
    rows = [HEADINGS, ["---"] * len(HEADINGS), *(_row(name, ones) for name, ones in order.items() if ones)]
    return [f"| {' | '.join(cells)} |" for cells in rows]


def _row(name: str, ones: Sequence[Result]) -> list[str]:
    sums = [str(sum(getattr(one, what) for one in ones)) for what in ("correct", "acts", "events", "effects")]
    in_time = sum(one.in_time for one in ones)
    times = [
        _seconds(ones),
        f"{min(one.promised for one in ones):.1f}",
        "yes" if in_time == len(ones) else f"{in_time} of {len(ones)}",
    ]
    return [name, str(len(ones)), *sums, *times, *(_verdict(ones, check) for check in CHECKS)]


def _seconds(ones: Iterable[Result]) -> str:
    found = [one.recovered for one in ones]
    return "never" if None in found else f"{max(one for one in found if one is not None):.1f}"


def _verdict(ones: Iterable[Result], check: str) -> str:
    if any(check not in one.wrong for one in ones):
        return "–"
    return "✗" if any(one.wrong[check] for one in ones) else "✓"


def _misses(results: Sequence[Result]) -> list[str]:
    """Everything that was not as promised, in full."""
    lines = [
        f"- {one.fault}, seed {one.seed}: recovered after {_seconds([one])} s of {one.promised:.1f} s"
        for one in results
        if not one.in_time
    ]
    lines += [
        f"- {one.fault}, seed {one.seed}, {check}: {wrong}"
        for one in results
        for check, wrongs in one.wrong.items()
        for wrong in wrongs
    ]
    return ["## Not as promised", "", *(lines or ["Nothing."]), ""]


def _fate(check: MutationCheck) -> str:
    return f"caught under “{check.fault}” with seed {check.seed}: {check.caught}" if check.caught else "ESCAPED"
