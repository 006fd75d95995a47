"""What a service costs that has nothing to do. Run: python -m tests.benchmarks.idle_bench [seconds].

The five services of the embedded runtime, or at Apache Kafka where that is set up otherwise; processor time of one core.
"""

import sys
import tempfile
import time
from pathlib import Path

import psutil

from deploy import SERVICES
from deploy.local.home import Home
from deploy.local.state import State
from tests.benchmarks.figures import Figure, show
from tests.benchmarks.http_bench import _runtime

SETTLING_SECONDS = 20
BAR_PERCENT = 1.0


def main() -> None:
    """Measure and print."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory(prefix="ccc-bench-") as directory, _runtime(Home.at(Path(directory) / "home")) as now:
        time.sleep(SETTLING_SECONDS)
        figures = _measured(now, seconds)
    show("idle", figures)


def _measured(now: State, seconds: int) -> list[Figure]:
    running = {name: psutil.Process(now.processes[name].pid) for name in SERVICES}
    begun, before = time.perf_counter(), {name: _worked(process) for name, process in running.items()}
    time.sleep(seconds)
    took = time.perf_counter() - begun
    used = {name: (_worked(process) - before[name]) / took * 100 for name, process in running.items()}
    return [Figure(f"idle {name}", percent, "% of a core", most=BAR_PERCENT) for name, percent in used.items()]


def _worked(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
