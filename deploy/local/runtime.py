"""Brings the embedded runtime up and down."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from deploy import SERVICES
from deploy.local import state
from deploy.local.home import Home
from deploy.local.processes import end_leftovers
from deploy.local.programs import Programs
from deploy.local.supervisor import ProgramFailedError, Supervisor

Inform = Callable[[str], None]

STOP_WITHIN = 60.0


def up(home: Home, inform: Inform) -> None:
    """Run everything until SIGTERM or Ctrl-C; `inform` is called at each stage.

    Raises AlreadyRunningError, or ProgramFailedError when a program cannot be kept running.
    """
    with state.held(home):
        if ended := end_leftovers(home.directory):
            inform(f"ended {ended} processes of an earlier run")
        asyncio.run(_run(home, Programs.prepare(home), inform))


def up_detached(home: Home, inform: Inform, within: float = 120.0) -> state.State:
    """Start a supervisor in the background and return when everything is ready.

    Raises ProgramFailedError when it ends before that, or when it takes longer than `within` seconds.
    """
    home.logs.mkdir(parents=True, exist_ok=True)
    with (home.logs / "supervisor.log").open("ab") as log:
        command = [sys.executable, "-m", "deploy.cli", "up", "--home", str(home.directory)]
        supervisor = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    inform("starting in the background")
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and supervisor.poll() is None:
        now = state.running(home)
        if now is not None and now.ready:
            return now
        time.sleep(0.1)
    raise ProgramFailedError(f"the runtime did not become ready; see {home.logs / 'supervisor.log'}")


def ensure_up(home: Home, inform: Inform) -> state.State:
    """The runtime that is running, or one that is started in the background now."""
    now = state.running(home)
    return now if now is not None and now.ready else up_detached(home, inform)


def down(home: Home) -> bool:
    """End the runtime and whatever a killed supervisor left. Returns whether anything ran."""
    now = state.running(home)
    if now is not None:
        supervisor = psutil.Process(now.supervisor)
        supervisor.terminate()
        supervisor.wait(STOP_WITHIN)
    return end_leftovers(home.directory) > 0 or now is not None


async def _run(home: Home, programs: Programs, inform: Inform) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    report = _Report(home, programs)
    supervisor = Supervisor(report.write)
    report.supervisor = supervisor
    starting = asyncio.create_task(_start(supervisor, programs, inform))
    try:
        await _first(starting, stop)
        report.ready = starting.done()
        report.write()
        await supervisor.until(stop)
    finally:
        inform("stopping")
        await supervisor.end()
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


async def _first(starting: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait until all is started, or until somebody wants to stop."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if starting.done():
        starting.result()


async def _start(supervisor: Supervisor, programs: Programs, inform: Inform) -> None:
    inform("starting PostgreSQL")
    await supervisor.start(programs.database())
    inform("migrating the databases")
    await asyncio.to_thread(programs.migrate)
    inform("starting the broker")
    await supervisor.start(programs.broker())
    inform("starting the services")
    await supervisor.start(*(programs.service(name) for name in SERVICES))
    inform("ready")


@dataclass
class _Report:
    """Keeps the state file up to date."""

    home: Home
    programs: Programs
    supervisor: Supervisor | None = None
    ready: bool = False

    def write(self) -> None:
        children = self.supervisor.children if self.supervisor else {}
        ports = self.programs.ports
        state.State(
            supervisor=os.getpid(),
            ready=self.ready,
            processes={name: state.Process(pid=child.process.pid, restarts=child.restarts) for name, child in children.items()},
            ports=ports.services | {"kafka": ports.broker},
            urls=ports.urls(),
            database=self.programs.postgres.address("ccc_{service}"),
            kafka=self.programs.everyone["CCC_KAFKA_BOOTSTRAP_SERVERS"],
        ).write(self.home.state)
