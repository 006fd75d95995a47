"""One experiment: a steady load, one fault from a seed, healing, and the five checks over the recorded history."""

import asyncio
import os
import random
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.faults import checks
from tests.faults.acts import PAUSE_SECONDS, working
from tests.faults.catalogue import RETURN, Fault
from tests.faults.cluster import Cluster
from tests.faults.fault_actions import FaultContext
from tests.faults.fixture import Fixture
from tests.faults.load import Load

STEADY_SECONDS = 1.0
AFTER_SECONDS = 0.5
TIMEOUT_SECONDS = 150.0
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
    seconds: float = 0.0
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
class ExperimentRunner:
    """A cluster with the fixture on which the load works."""

    cluster: Cluster
    fixture: Fixture
    timeout: float = TIMEOUT_SECONDS
    pause: float = PAUSE_SECONDS

    async def experiment(self, fault: Fault, seed: int) -> Result:
        """Do one experiment."""
        result = Result(fault.name, seed, promised=fault.promised)
        before, since = await checks.positions(self.cluster), datetime.now(UTC)  # in this order: nothing falls between them
        begun = time.monotonic()
        async with working(self.cluster, self.fixture, seed, self.pause) as load:
            await asyncio.sleep(STEADY_SECONDS)
            await fault.apply(FaultContext(self.cluster, load, self.fixture, random.Random(seed)))
            result.recovered = await checks.recovered(self.cluster, since, self.timeout)
            await asyncio.sleep(AFTER_SECONDS)
        await checks.recovered(self.cluster, since, self.timeout)
        await checks.settle(self.cluster, before, self.timeout / 3)
        result.wrong = (await checks.check(self.cluster, load, since, before)).wrong
        await self._measure(result, load, since, fault.promised >= RETURN)
        result.seconds = time.monotonic() - begun
        return result

    async def _measure(self, result: Result, load: Load, since: datetime, returned: object) -> None:
        agreed = await checks.proof(self.cluster, since)
        result.acts, result.events, result.effects, result.digest = (
            len(load.history),
            agreed.events,
            agreed.effects,
            agreed.digest,
        )
        result.promised += agreed.events / EVENTS_A_SECOND if returned else 0
        result.longest_answer = max((act.ended or time.time()) - act.begun for act in load.history)
        result.slowest_503 = load.slowest_503
        result.load_average = os.getloadavg()[0]
