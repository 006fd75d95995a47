"""The embedded runtime under kill -9: whatever dies comes back, and nothing stays behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy import SERVICES
from deploy.local import probes, processes, state
from deploy.local.home import Home
from deploy.local.state import State

pytestmark = [pytest.mark.journey]


def ccc(*arguments: str, home: Home) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.cli", *arguments, "--home", str(home.directory), "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


def until(fact: Callable[[], bool], seconds: float = 150) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def running(home: Home) -> State:
    now = state.running(home)
    assert now is not None
    return now


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    place = Home.at(tmp_path_factory.mktemp("runtime"))
    yield place
    ccc("down", home=place)
    assert processes.leftovers(place.directory) == []


@pytest.fixture(scope="module")
def started(home: Home) -> Home:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port_to_occupy()))
        taken.listen()
        answer = ccc("up", "--detach", home=home)
    assert answer.returncode == 0, answer.stderr
    return home


def port_to_occupy() -> int:
    """A default port that this test occupies, or 0 where somebody else does already."""
    return 0 if probes.answers(8101) else 8101


def everything_ready(home: Home) -> bool:
    now = state.running(home)
    return now is not None and now.ready and all(probes.is_ready(url) for url in now.urls.values())


def test_a_taken_default_port_is_avoided(started: Home) -> None:
    assert running(started).ports["registry"] != 8101
    assert everything_ready(started)


def test_status_shows_programs_for_people_and_programs(started: Home) -> None:
    rows: list[dict[str, Any]] = json.loads(ccc("status", home=started).stdout)
    assert [row["program"] for row in rows] == ["postgres", "broker", *SERVICES]


def test_a_second_supervisor_is_refused(started: Home) -> None:
    answer = ccc("up", home=started)
    assert answer.returncode == 1
    assert "running already" in answer.stderr


@pytest.mark.parametrize("program", ["registry", "broker", "postgres"])
def test_a_killed_program_is_started_again_at_its_old_address(started: Home, program: str) -> None:
    before = running(started)
    os.kill(before.processes[program].pid, signal.SIGKILL)
    until(lambda: running(started).processes[program].pid != before.processes[program].pid)
    until(lambda: everything_ready(started))
    after = running(started)
    assert after.processes[program].restarts == before.processes[program].restarts + 1
    assert after.ports == before.ports


def test_after_the_supervisor_is_killed_up_clears_its_leftovers_and_runs_again(started: Home) -> None:
    before = running(started)
    os.kill(before.supervisor, signal.SIGKILL)
    until(lambda: state.running(started) is None)
    assert processes.leftovers(started.directory)
    answer = ccc("up", "--detach", home=started)
    assert answer.returncode == 0, answer.stderr
    after = running(started)
    assert everything_ready(started)
    assert not {one.pid for one in before.processes.values()} & {one.pid for one in after.processes.values()}


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_and_the_data_stays(started: Home, signum: signal.Signals) -> None:
    if state.running(started) is None:
        assert ccc("up", "--detach", home=started).returncode == 0
    supervisor = psutil.Process(running(started).supervisor)
    supervisor.send_signal(signum)
    supervisor.wait(60)
    assert processes.leftovers(started.directory) == []
    assert not started.state.exists()
    assert (started.data / "PG_VERSION").exists()


def test_status_of_nothing_has_exit_code_three(tmp_path: Path) -> None:
    assert ccc("status", home=Home.at(tmp_path)).returncode == 3
