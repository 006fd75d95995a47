"""Each known defect is installed once, to see that the checks catch it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import checks, cluster, fixture
from tests.faults.catalogue import fault_named
from tests.faults.defects import DEFECTS
from tests.faults.experiment import ExperimentRunner
from tests.faults.worker import Worker

TIMEOUT_SECONDS = 25.0
TRIES = 3
PAUSE_SECONDS = 0.02
"""Officials hurry, so that more happens at the same time."""

MUTATION_CHECKS = {
    "acknowledge before commit": "kill -9 consumer-before-inbox",
    "broker's offsets believed": "a consumer restored from a backup 8 s old",
    "last-id watermark": "commits in another order",
    "inbox outside the transaction": "kill -9 consumer-before-inbox",
    "event sent after commit without outbox": "kill -9 act-before-insert",
    "swallowed handler error": "handlers that raise",
}
"""The fault under which a defect must show."""
assert set(MUTATION_CHECKS) == set(DEFECTS), "each defect has its check"


@dataclass(frozen=True)
class MutationCheck:
    """The outcome for a known defect: how it was caught, or nothing when it escaped every time."""

    defect: str
    fault: str
    caught: str
    seed: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For the report."""
        return vars(self)


async def run_check(defect: str, worker: Worker, directory: Path) -> MutationCheck:
    """Install the defect and do its experiment, with other seeds until one of them shows it."""
    fault = fault_named(MUTATION_CHECKS[defect])
    async with cluster.running(directory, worker, defect=defect) as running:
        await checks.prepare(running)
        runner = ExperimentRunner(running, await fixture.prepare_load(running, campaign=False), TIMEOUT_SECONDS, PAUSE_SECONDS)
        for seed in range(1, TRIES + 1):
            result = await runner.experiment(fault, seed)
            if not result.correct:
                findings = [f"{check}: {wrongs[0]}" for check, wrongs in result.wrong.items() if wrongs]
                return MutationCheck(defect, fault.name, " | ".join(findings), seed)
    return MutationCheck(defect, fault.name, "")
