"""`make bench`: every benchmark in turn; each prints a table with its ratio to a bare peer of the same run, and a JSON line."""

import runpy
import sys
from pathlib import Path

BENCHES = (
    "draw_bench",
    "verifier_bench",
    "http_bench",
    "import_bench",
    "annex_bench",
    "messaging_bench",
    "outbox_bench",
    "memory_bench",
    "idle_bench",
    "deadline_bench",
)


def main() -> None:
    """Run the named benchmarks, or all of them."""
    here = Path(__file__).parent
    for name in sys.argv[1:] or BENCHES:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]
        runpy.run_path(str(here / f"{name}.py"), run_name="__main__")


if __name__ == "__main__":
    main()
