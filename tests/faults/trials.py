"""`python -m tests.faults.trials`: plant each known defect, and see the laboratory catch it. Exit code 1 when one escapes."""

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.faults import checks, load, plant
from tests.faults.catalogue import FAULTS
from tests.faults.defects import DEFECTS
from tests.faults.laboratory import Laboratory, Result

PATIENCE_SECONDS = 25.0
TRIES = 3


@dataclass(frozen=True)
class Trial:
    """A defect, and the fault under which it must show."""

    defect: str
    fault: str


TRIALS = (
    Trial("acknowledge before commit", "kill -9 consumer-before-inbox"),
    Trial("last-id watermark", "nothing"),
    Trial("inbox outside the transaction", "kill -9 consumer-before-inbox"),
    Trial("event sent after commit without outbox", "kill -9 act-before-insert"),
    Trial("swallowed handler error", "handlers that raise"),
)


async def caught(trial: Trial, directory: Path) -> Result | None:
    """The first experiment that showed the defect; None when it escaped every time."""
    fault = next(one for one in FAULTS if one.name == trial.fault)
    load.begin_anew()
    async with plant.running(directory, defect=trial.defect) as running:
        await checks.prepare(running)
        laboratory = Laboratory(running, await load.prepare(running), datetime.now(UTC), patience=PATIENCE_SECONDS)
        for seed in range(1, TRIES + 1):
            result = await laboratory.experiment(fault, seed)
            if not result.correct:
                return result
    return None


async def trials() -> list[tuple[Trial, Result | None]]:
    """All of them, one after the other."""
    found = []
    with tempfile.TemporaryDirectory(prefix="ccc-trials-") as directory:
        for number, trial in enumerate(TRIALS):
            result = await caught(trial, Path(directory) / str(number))
            found.append((trial, result))
            print(f"{trial.defect} | {trial.fault} | {_said(result)}", flush=True)
    return found


def _said(result: Result | None) -> str:
    if result is None:
        return "ESCAPED"
    wrong = [f"{check}: {wrongs[0]}" for check, wrongs in result.wrong.items() if wrongs]
    return f"caught with seed {result.seed} | {' | '.join(wrong)}"


def main() -> None:
    """Run the trials."""
    assert {trial.defect for trial in TRIALS} == set(DEFECTS), "each defect has its trial"
    found = asyncio.run(trials())
    sys.exit(0 if all(result is not None for _, result in found) else 1)


if __name__ == "__main__":
    main()
