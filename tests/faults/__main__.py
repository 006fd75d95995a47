"""`python -m tests.faults [--short] [--seeds N] [--seed S] [--only PATTERN] [--workers N] [--defects] [--report DIR]`.

Does experiments and writes a report. Exit code 1 when a check failed or a known defect escaped. Times beyond the promise
are reported and do not fail the run: they depend on the machine.
"""

import argparse
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

from deploy import ROOT
from tests.faults.catalogue import FAULTS
from tests.faults.mutation_checks import MUTATION_CHECKS
from tests.faults.report import Report
from tests.faults.workers import Workers


def main() -> None:
    """Read the arguments, do the experiments, report."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the faults that matter most")
    parser.add_argument("--seeds", type=int, default=1, help="how many runs of each fault")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--only", default="", help="faults and defects whose name this pattern is in")
    parser.add_argument("--workers", type=int, default=2, help="how many clusters run beside each other")
    parser.add_argument("--defects", action="store_true", help="check that the known defects are caught, too")
    parser.add_argument("--report", type=Path, default=ROOT / "build" / "faults")
    chosen = parser.parse_args()
    faults = [fault for fault in FAULTS if (fault.short or not chosen.short) and re.search(chosen.only, fault.name)]
    defects = [defect for defect in MUTATION_CHECKS if chosen.defects and re.search(chosen.only, defect)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything that was started is ended
    sys.exit(
        0 if run(Workers(faults, range(chosen.seed, chosen.seed + chosen.seeds), defects, chosen.workers), chosen.report) else 1
    )


def run(workers: Workers, directory: Path) -> bool:
    """Do everything, and write the report again with each outcome: a run that is cut off has one, too."""
    begun, report = time.monotonic(), Report()
    with tempfile.TemporaryDirectory(prefix="ccc-faults-") as clusters:
        for outcome in workers.run(Path(clusters)):
            report.note(outcome)
            report.write(directory, time.monotonic() - begun)
    print(report.write(directory, time.monotonic() - begun))
    return report.holds and len(report.results) + len(report.mutation_checks) == workers.count


if __name__ == "__main__":
    main()
