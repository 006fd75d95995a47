"""Many experiments on a few plants beside each other: each lane is a process with plants of its own, which takes what is next."""

import asyncio
import itertools
import multiprocessing
import random
import signal
import time
import traceback
from collections.abc import AsyncIterator, Iterator, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty
from typing import Any

from tests.faults import checks, ground, plant, trials
from tests.faults.catalogue import Fault, fault_named
from tests.faults.laboratory import Laboratory, Result
from tests.faults.lane import Lane
from tests.faults.trials import Trial

_SPAWN = multiprocessing.get_context("spawn")
Job = tuple[str, int]
"""An experiment by the name of its fault, and its seed."""


class Lanes:
    """What is to be done, by the number of brokers of the plants on which it is done; 0: a planted defect on its own plant."""

    def __init__(self, faults: Sequence[Fault], seeds: Sequence[int], defects: Sequence[str], count: int) -> None:
        """Put everything into queues, each ended once for every lane."""
        self._lanes = count
        todo = {brokers: _ordered(faults, seeds, brokers) for brokers in sorted({fault.brokers for fault in faults})}
        todo |= {0: [(defect, 0) for defect in defects]} if defects else {}
        self.queues = {brokers: _filled(jobs, count) for brokers, jobs in todo.items()}
        self.count = sum(map(len, todo.values()))

    def run(self, directory: Path) -> Iterator[Result | Trial]:
        """Do everything; gives each outcome as it comes.

        Raises:
            RuntimeError: a lane has ended before all was done.
        """
        outcomes = _SPAWN.Queue()
        places = [(number, self._queues_of(number), outcomes, directory / str(number)) for number in range(self._lanes)]
        lanes = [_SPAWN.Process(target=_lane, args=place) for place in places]
        try:
            for lane in lanes:
                lane.start()
            for _ in range(self.count):
                yield _next(outcomes, lanes)
        except BaseException:
            for lane in lanes:
                lane.terminate()
            raise
        finally:
            for lane in lanes:
                lane.join()

    def _queues_of(self, number: int) -> dict[int, Any]:
        """Each lane begins with another kind of plant, so that two lanes do not build the rarer kind both."""
        kinds = sorted(self.queues, reverse=number % 2 == 0)
        return {kind: self.queues[kind] for kind in kinds}


def _ordered(faults: Sequence[Fault], seeds: Sequence[int], brokers: int) -> list[Job]:
    """First what grows with a plant's history; then seed by seed, mixed, so that waiting in one lane meets work in another."""
    here = [(fault, seed) for fault, seed in itertools.product(faults, seeds) if fault.brokers == brokers]
    random.Random(brokers).shuffle(here)
    return [(fault.name, seed) for fault, seed in sorted(here, key=lambda one: (not one[0].early, one[1]))]


def _filled(jobs: Sequence[Job], lanes: int) -> Any:
    queue = _SPAWN.SimpleQueue()
    for job in [*jobs, *[None] * lanes]:
        queue.put(job)
    return queue


def _next(outcomes: Any, lanes: Sequence[BaseProcess]) -> Any:
    while True:
        try:
            return outcomes.get(timeout=5)
        except Empty:
            if any(lane.exitcode for lane in lanes) or not any(lane.is_alive() for lane in lanes):
                raise RuntimeError("a lane has ended before all was done") from None


def _lane(number: int, queues: dict[int, Any], outcomes: Any, directory: Path) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything that was started is ended
    asyncio.run(_work(Lane(number), queues, outcomes, directory))


async def _work(lane: Lane, queues: dict[int, Any], outcomes: Any, directory: Path) -> None:
    for brokers, queue in queues.items():
        jobs: Iterator[Job] = iter(queue.get, None)
        if brokers == 0:
            for defect, _ in jobs:
                outcomes.put(await trials.tried(defect, lane, directory / "trial"))
        elif first := next(jobs, None):
            async for outcome in _experiments(lane, brokers, itertools.chain([first], jobs), directory / f"plant{brokers}"):
                outcomes.put(outcome)


async def _experiments(lane: Lane, brokers: int, jobs: Iterator[Job], directory: Path) -> AsyncIterator[Result]:
    """All of them on one plant."""
    begun = time.monotonic()
    async with plant.running(directory, lane, brokers) as running:
        await checks.prepare(running)
        laboratory = Laboratory(running, await ground.till(running))
        print(f"lane {lane.number}: a plant with {brokers} brokers was ready after {time.monotonic() - begun:.0f} s", flush=True)
        for name, seed in jobs:
            yield await _one(laboratory, fault_named(name), seed)


async def _one(laboratory: Laboratory, fault: Fault, seed: int) -> Result:
    try:
        return await laboratory.experiment(fault, seed)
    except Exception:  # noqa: BLE001  (an experiment that could not be done is a failed one)
        failed = Result(fault.name, seed, promised=fault.promised, wrong={"experiment": [traceback.format_exc()]})
        await laboratory.plant.ready(seconds=120)
        return failed
