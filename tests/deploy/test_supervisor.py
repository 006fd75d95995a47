"""The supervisor does not start a broken program for ever, and ends what does not want to end."""

import asyncio
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from deploy.local.supervisor import MAX_RESTARTS, Program, ProgramFailedError, Supervisor

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def program(tmp_path: Path, source: str, *, up: str = "", grace: float = 1.0) -> Program:
    log = tmp_path / "program.log"
    return Program(
        "program",
        [sys.executable, "-c", source],
        dict(os.environ),
        log,
        ready=lambda: log.exists() and up in log.read_text(),
        grace=grace,
    )


async def test_a_program_that_keeps_dying_ends_the_runtime(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda: None)
    await supervisor.start(program(tmp_path, "print('again', flush=True)", up="again"))
    with pytest.raises(ProgramFailedError, match="died"):
        await asyncio.wait_for(supervisor.until(asyncio.Event()), 30)
    await supervisor.end()
    assert (tmp_path / "program.log").read_text().count("again") == MAX_RESTARTS + 1


async def test_a_program_that_ignores_the_stop_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda: None)
    await supervisor.start(program(tmp_path, STUBBORN, up="up"))
    pid = supervisor.children["program"].process.pid
    began = time.monotonic()
    await supervisor.end()
    assert time.monotonic() - began >= 1.0
    assert not psutil.pid_exists(pid)


async def test_a_stop_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda: None)
    starting = asyncio.create_task(supervisor.start(program(tmp_path, "import time; time.sleep(600)", up="never")))
    while not supervisor.children:
        await asyncio.sleep(0.01)
    pid = supervisor.children["program"].process.pid
    await supervisor.end()
    await asyncio.wait_for(starting, 5)
    assert not psutil.pid_exists(pid)
