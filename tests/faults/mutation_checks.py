"""Each known defect is planted once, to see the laboratory catch it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import checks, ground, plant
from tests.faults.catalogue import fault_named
from tests.faults.defects import DEFECTS
from tests.faults.laboratory import Laboratory
from tests.faults.lane import Lane

PATIENCE_SECONDS = 25.0
TRIES = 3
PAUSE_SECONDS = 0.02
"""Officials hurry, so that more happens at the same time."""

TRIALS = {
    "acknowledge before commit": "kill -9 consumer-before-inbox",
    "broker's offsets believed": "a listener restored from a backup 8 s old",
    "last-id watermark": "commits in another order",
    "inbox outside the transaction": "kill -9 consumer-before-inbox",
    "event sent after commit without outbox": "kill -9 act-before-insert",
    "swallowed handler error": "handlers that raise",
}
"""The fault under which a defect must show."""
assert set(TRIALS) == set(DEFECTS), "each defect has its trial"


@dataclass(frozen=True)
class Trial:
    """What became of a planted defect: how it was caught, or nothing when it escaped every time."""

    defect: str
    fault: str
    caught: str
    seed: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For the report."""
        return vars(self)


async def tried(defect: str, lane: Lane, directory: Path) -> Trial:
    """Plant the defect and do its experiment, with other seeds until one of them shows it."""
    fault = fault_named(TRIALS[defect])
    async with plant.running(directory, lane, defect=defect) as running:
        await checks.prepare(running)
        laboratory = Laboratory(running, await ground.till(running, campaign=False), PATIENCE_SECONDS, PAUSE_SECONDS)
        for seed in range(1, TRIES + 1):
            result = await laboratory.experiment(fault, seed)
            if not result.correct:
                said = [f"{check}: {wrongs[0]}" for check, wrongs in result.wrong.items() if wrongs]
                return Trial(defect, fault.name, " | ".join(said), seed)
    return Trial(defect, fault.name, "")
