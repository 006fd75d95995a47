"""Many experiments on a few clusters beside each other: each worker is a process with clusters of its own."""

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

from tests.faults import checks, cluster, fixture, mutation_checks
from tests.faults.catalogue import Fault, fault_named
from tests.faults.experiment import ExperimentRunner, Result
from tests.faults.mutation_checks import MutationCheck
from tests.faults.worker import Worker

_SPAWN = multiprocessing.get_context("spawn")
Job = tuple[str, int]
"""An experiment by the name of its fault, and its seed."""


class Workers:
    """What is to be done, by the number of brokers of its cluster; 0: a known defect on a cluster of its own."""

    def __init__(self, faults: Sequence[Fault], seeds: Sequence[int], defects: Sequence[str], count: int) -> None:
        """Put everything into queues, each ended once for every worker."""
        self._workers = count
        todo = {brokers: _ordered(faults, seeds, brokers) for brokers in sorted({fault.brokers for fault in faults})}
        todo |= {0: [(defect, 0) for defect in defects]} if defects else {}
        self.queues = {brokers: _filled(jobs, count) for brokers, jobs in todo.items()}
        self.count = sum(map(len, todo.values()))

    def run(self, directory: Path) -> Iterator[Result | MutationCheck]:
        """Do everything; gives each outcome as it comes.

        Raises:
            RuntimeError: a worker has ended before all was done.
        """
        outcomes = _SPAWN.Queue()
        arguments = [(number, self._queues_of(number), outcomes, directory / str(number)) for number in range(self._workers)]
        workers = [_SPAWN.Process(target=_worker, args=values) for values in arguments]
        try:
            for worker in workers:
                worker.start()
            for _ in range(self.count):
                yield _next(outcomes, workers)
        except BaseException:
            for worker in workers:
                worker.terminate()
            raise
        finally:
            for worker in workers:
                worker.join()

    def _queues_of(self, number: int) -> dict[int, Any]:
        """Each worker begins with another kind of cluster, so that two workers do not build the rarer kind both."""
        kinds = sorted(self.queues, reverse=number % 2 == 0)
        return {kind: self.queues[kind] for kind in kinds}


def _ordered(faults: Sequence[Fault], seeds: Sequence[int], brokers: int) -> list[Job]:
    """First what grows with a cluster's history; then seed by seed, mixed, so that one worker waits while another works."""
    here = [(fault, seed) for fault, seed in itertools.product(faults, seeds) if fault.brokers == brokers]
    random.Random(brokers).shuffle(here)
    return [(fault.name, seed) for fault, seed in sorted(here, key=lambda job: (not job[0].early, job[1]))]


def _filled(jobs: Sequence[Job], workers: int) -> Any:
    queue = _SPAWN.SimpleQueue()
    for job in [*jobs, *[None] * workers]:
        queue.put(job)
    return queue


def _next(outcomes: Any, workers: Sequence[BaseProcess]) -> Any:
    while True:
        try:
            return outcomes.get(timeout=5)
        except Empty:
            if any(worker.exitcode for worker in workers) or not any(worker.is_alive() for worker in workers):
                raise RuntimeError("a worker has ended before all was done") from None


def _worker(number: int, queues: dict[int, Any], outcomes: Any, directory: Path) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that everything that was started is ended
    asyncio.run(_work(Worker(number), queues, outcomes, directory))


async def _work(worker: Worker, queues: dict[int, Any], outcomes: Any, directory: Path) -> None:
    for brokers, queue in queues.items():
        jobs: Iterator[Job] = iter(queue.get, None)
        if brokers == 0:
            for defect, _ in jobs:
                outcomes.put(await mutation_checks.run_check(defect, worker, directory / "check"))
        elif first := next(jobs, None):
            async for outcome in _experiments(worker, brokers, itertools.chain([first], jobs), directory / f"cluster{brokers}"):
                outcomes.put(outcome)


async def _experiments(worker: Worker, brokers: int, jobs: Iterator[Job], directory: Path) -> AsyncIterator[Result]:
    """All of them on one cluster."""
    begun = time.monotonic()
    async with cluster.running(directory, worker, brokers) as running:
        await checks.prepare(running)
        runner = ExperimentRunner(running, await fixture.prepare_load(running))
        print(
            f"worker {worker.number}: a cluster with {brokers} brokers was ready after {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        for name, seed in jobs:
            yield await _one(runner, fault_named(name), seed)


async def _one(runner: ExperimentRunner, fault: Fault, seed: int) -> Result:
    try:
        return await runner.experiment(fault, seed)
    except Exception:  # noqa: BLE001  (an experiment that could not be done is a failed one)
        failed = Result(fault.name, seed, promised=fault.promised, wrong={"experiment": [traceback.format_exc()]})
        await runner.cluster.ready(seconds=120)
        return failed
