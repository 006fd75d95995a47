"""Keeps a set of programs running: starts them, waits until they are ready, starts again what dies, ends all of them.

Each program runs in a session of its own, so a Ctrl-C in the terminal reaches the supervisor alone, which ends its
programs in the reverse of their order. A program that dies more often than `MAX_RESTARTS` times in `WINDOW` seconds
ends the whole runtime.
"""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

MAX_RESTARTS = 5
WINDOW = 60.0
READY_WITHIN = 60.0
PAUSE = 0.05

log = structlog.get_logger()


class ProgramFailedError(RuntimeError):
    """A program did not become ready, or died too often."""


@dataclass(frozen=True)
class Program:
    """What to run, how to know that it is ready, how to end it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    ready: Callable[[], bool]
    account: dict[str, Any] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 40.0


@dataclass
class Child:
    """A program and the process that runs it now."""

    program: Program
    process: asyncio.subprocess.Process
    restarts: int = 0
    recent: list[float] = field(default_factory=list)


class Supervisor:
    """Runs programs until it is asked to end."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.children: dict[str, Child] = {}
        self._changed = changed
        self._groups: list[list[Child]] = []
        self._watchers: list[asyncio.Task[None]] = []
        self._ending = asyncio.Event()
        self._spawning = asyncio.Lock()
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def start(self, *programs: Program) -> None:
        """Start the programs beside each other and return when all are ready."""
        group: list[Child] = []
        self._groups.append(group)
        for program in programs:
            async with self._spawning:
                if self._ending.is_set():
                    return
                child = Child(program, await _spawn(program))
                group.append(child)
            self.children[program.name] = child
            self._watchers.append(asyncio.create_task(self._watch(child)))
        self._changed()
        for program in programs:
            await self._until_ready(program)

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises ProgramFailedError when a program cannot be kept running."""
        waiting = asyncio.create_task(stop.wait())
        either: list[asyncio.Future[Any]] = [waiting, self._failure]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._failure.done():
            self._failure.result()

    async def end(self) -> None:
        """End all programs: the group started last first, those of one group beside each other."""
        async with self._spawning:
            self._ending.set()
        for group in reversed(self._groups):
            await asyncio.gather(*(_end(child) for child in group))
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)

    async def _until_ready(self, program: Program) -> None:
        deadline = asyncio.get_running_loop().time() + READY_WITHIN
        while not self._ending.is_set() and not await asyncio.to_thread(program.ready):
            if self._failure.done():
                self._failure.result()
            if asyncio.get_running_loop().time() > deadline:
                raise ProgramFailedError(f"{program.name} was not ready after {READY_WITHIN:.0f} s; see {program.log}")
            await asyncio.sleep(PAUSE)

    async def _watch(self, child: Child) -> None:
        while True:
            code = await child.process.wait()
            if self._ending.is_set():
                return
            log.warning("program died", program=child.program.name, exit_code=code)
            if not self._may_restart(child):
                self._fail(child.program)
                return
            await asyncio.sleep(PAUSE * 2 ** len(child.recent))
            async with self._spawning:
                if self._ending.is_set():
                    return
                child.process = await _spawn(child.program)
                child.restarts += 1
            self._changed()

    def _fail(self, program: Program) -> None:
        if not self._failure.done():
            message = f"{program.name} died {MAX_RESTARTS + 1} times in {WINDOW:.0f} s; see {program.log}"
            self._failure.set_exception(ProgramFailedError(message))

    @staticmethod
    def _may_restart(child: Child) -> bool:
        now = asyncio.get_running_loop().time()
        child.recent = [death for death in child.recent if death > now - WINDOW] + [now]
        return len(child.recent) <= MAX_RESTARTS


async def _spawn(program: Program) -> asyncio.subprocess.Process:
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *program.command,
            env=program.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **program.account,
        )


async def _end(child: Child) -> None:
    process = child.process
    if process.returncode is not None:
        return
    process.send_signal(child.program.stop_signal)
    try:
        await asyncio.wait_for(process.wait(), child.program.grace)
    except TimeoutError:
        log.warning("program had to be killed", program=child.program.name)
        process.kill()
        await process.wait()
