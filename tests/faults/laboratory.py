"""One experiment: a steady load, one fault from a seed, healing, and the five checks over the recorded history."""

import asyncio
import os
import random
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from tests.faults import checks
from tests.faults.breaking import Stage
from tests.faults.catalogue import RETURN, Fault
from tests.faults.checks import Findings
from tests.faults.load import Load, working
from tests.faults.plant import Plant

log = structlog.get_logger()

STEADY_SECONDS = 2.0
AFTER_SECONDS = 1.0
PATIENCE_SECONDS = 150.0
EVENTS_A_SECOND = 5000


@dataclass
class Result:
    """What was done, how long it took, and what was wrong."""

    fault: str
    seed: int
    acts: int = 0
    events: int = 0
    effects: int = 0
    longest_answer: float = 0.0
    slowest_503: float = 0.0
    recovered: float | None = None
    promised: float = 0.0
    load_average: float = 0.0
    digest: str = ""
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def correct(self) -> bool:
        """Whether all five checks hold."""
        return bool(self.wrong) and not any(self.wrong.values())

    @property
    def in_time(self) -> bool:
        """Whether it recovered within the promise."""
        return self.recovered is not None and self.recovered <= self.promised

    def as_dict(self) -> dict[str, Any]:
        """For the report."""
        return asdict(self) | {"correct": self.correct, "in_time": self.in_time}


@dataclass
class Laboratory:
    """A plant with its certificates."""

    plant: Plant
    numbers: list[str]
    begun: datetime
    history: list[Any] = field(default_factory=list)
    patience: float = PATIENCE_SECONDS

    async def experiment(self, fault: Fault, seed: int) -> Result:
        """Do one experiment."""
        result = Result(fault.name, seed, promised=fault.promised)
        since = datetime.now(UTC)
        async with working(self.plant, self.numbers, seed) as load:
            await asyncio.sleep(STEADY_SECONDS)
            await fault.apply(Stage(self.plant, load, random.Random(seed)))
            result.recovered = await checks.recovered(self.plant, since, self.patience)
            await asyncio.sleep(AFTER_SECONDS)
        await self._judge(result, load, since, fault.promised >= RETURN)
        return result

    async def _judge(self, result: Result, load: Load, since: datetime, returned: object) -> None:
        await checks.recovered(self.plant, since, self.patience)
        await checks.parked_settle(self.plant, self.patience / 3)
        found: Findings = await checks.check(self.plant, load, since)
        agreed = await checks.proof(self.plant, since)
        result.acts, result.wrong = len(load.history), found.wrong
        result.events, result.effects, result.digest = agreed.events, agreed.effects, agreed.digest
        result.promised += agreed.events / EVENTS_A_SECOND if returned else 0
        result.longest_answer = max((act.ended or time.time()) - act.begun for act in load.history)
        result.slowest_503 = load.slowest_refusal
        result.load_average = os.getloadavg()[0]
