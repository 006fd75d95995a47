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
        return (
            bool(self.results)
            and all(result.correct for result in self.results)
            and all(check.caught for check in self.mutation_checks)
        )

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
            "experiments": [result.as_dict() for result in self.results],
            "defects": [check.as_dict() for check in self.mutation_checks],
        }
        (directory / "faults.json").write_text(json.dumps(document, ensure_ascii=False, indent=1))
        parts = ["# Faults", "", summary, "", *_table(self.results), "", HOW, "", *_misses(self.results)]
        parts += ["## Known defects", "", *(f"- {check.defect}: {_fate(check)}" for check in self.mutation_checks), ""]
        (directory / "faults.md").write_text("\n".join(parts))
        return summary

    def _summary(self, seconds: float) -> str:
        correct, in_time = sum(result.correct for result in self.results), sum(result.in_time for result in self.results)
        caught = sum(bool(check.caught) for check in self.mutation_checks)
        return (
            f"{len(self.results)} experiments in {seconds:.0f} s: {correct} correct, {in_time} within the promise; "
            f"{caught} of {len(self.mutation_checks)} known defects caught; "
            f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )


def _experiment(result: Result) -> str:
    verdicts = "".join(_verdict([result], check) for check in CHECKS)
    return f"{_seconds([result])} of {result.promised:.1f} s | {verdicts} | {result.acts} acts"


def _table(results: Sequence[Result]) -> list[str]:
    order = {fault.name: [result for result in results if result.fault == fault.name] for fault in FAULTS}
    rows = [HEADINGS, ["---"] * len(HEADINGS), *(_row(name, results) for name, results in order.items() if results)]
    return [f"| {' | '.join(cells)} |" for cells in rows]


def _row(name: str, results: Sequence[Result]) -> list[str]:
    sums = [str(sum(getattr(result, what) for result in results)) for what in ("correct", "acts", "events", "effects")]
    in_time = sum(result.in_time for result in results)
    times = [
        _seconds(results),
        f"{min(result.promised for result in results):.1f}",
        "yes" if in_time == len(results) else f"{in_time} of {len(results)}",
    ]
    return [name, str(len(results)), *sums, *times, *(_verdict(results, check) for check in CHECKS)]


def _seconds(results: Iterable[Result]) -> str:
    seconds = [result.recovered for result in results]
    return "never" if None in seconds else f"{max(value for value in seconds if value is not None):.1f}"


def _verdict(results: Iterable[Result], check: str) -> str:
    if any(check not in result.wrong for result in results):
        return "–"
    return "✗" if any(result.wrong[check] for result in results) else "✓"


def _misses(results: Sequence[Result]) -> list[str]:
    """Everything that was not as promised, in full."""
    lines = [
        f"- {result.fault}, seed {result.seed}: recovered after {_seconds([result])} s of {result.promised:.1f} s"
        for result in results
        if not result.in_time
    ]
    lines += [
        f"- {result.fault}, seed {result.seed}, {check}: {wrong}"
        for result in results
        for check, wrongs in result.wrong.items()
        for wrong in wrongs
    ]
    return ["## Not as promised", "", *(lines or ["Nothing."]), ""]


def _fate(check: MutationCheck) -> str:
    return f"caught under “{check.fault}” with seed {check.seed}: {check.caught}" if check.caught else "ESCAPED"
