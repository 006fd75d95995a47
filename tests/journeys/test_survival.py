"""kill -9 in the middle of the campaign: nothing is lost, and the campaign is finished."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.local import processes, state
from deploy.local.home import Home
from shared.core.clock import TestClock
from shared.core.services import SERVICES

pytestmark = [pytest.mark.journey]

REQUIRED = 25
IN_THE_MIDDLE = datetime.fromisoformat("2024-09-05T00:00:00+08:00")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    place = Home.at(tmp_path / "runtime")
    yield place
    subprocess.run(command("down", place), check=True, capture_output=True)
    assert processes.leftovers(place.directory) == []


def command(verb: str, home: Home, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "deploy.cli", verb, *arguments, "--home", str(home.directory), "--json"]


def begun(home: Home) -> subprocess.Popen[str]:
    """A campaign that has come to September."""
    demo = subprocess.Popen(command("demo", home, "--scale", "100"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    clock, deadline = TestClock(home.clock), time.monotonic() + 240
    while not (home.clock.exists() and IN_THE_MIDDLE < clock.now() < datetime.fromisoformat("2024-10-15T00:00:00+08:00")):
        assert demo.poll() is None, demo.communicate()[1][-3000:]
        assert time.monotonic() < deadline, "the campaign did not come to September in time"
        time.sleep(0.05)
    return demo


def ended(demo: subprocess.Popen[str]) -> dict[str, Any]:
    out, errors = demo.communicate(timeout=300)
    assert demo.returncode == 0, errors[-3000:]
    return dict(json.loads(out)[0])


def whole(campaign: dict[str, Any]) -> bool:
    figures = {row["figure"]: row["value"] for row in campaign["figures"]}
    return bool(figures["Objects inspected"] == figures["Objects due"] == str(REQUIRED))


@pytest.mark.parametrize("victims", [SERVICES, ("postgres",), ("broker",)], ids="-".join)
def test_killed_processes_come_back_and_the_campaign_goes_on(home: Home, victims: tuple[str, ...]) -> None:
    demo = begun(home)
    for victim in victims:
        kill(home, victim)
        assert demo.poll() is None, "the campaign ended before the last victim"
    assert whole(ended(demo))
    now = state.running(home)
    assert now is not None
    assert {victim for victim in victims if now.processes[victim].restarts > 0} == set(victims)


def kill(home: Home, victim: str) -> None:
    """kill -9, and wait until the supervisor has started it again: one victim after the other, in one campaign."""
    before = _process(home, victim)
    os.kill(before.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while _process(home, victim).restarts == before.restarts:
        assert time.monotonic() < deadline, f"{victim} was not started again"
        time.sleep(0.05)


def _process(home: Home, name: str) -> state.Process:
    now = state.running(home)
    assert now is not None
    return now.processes[name]


def test_a_campaign_that_was_cut_off_with_its_services_is_finished_by_the_next_run(home: Home) -> None:
    demo = begun(home)
    now = state.running(home)
    assert now is not None
    demo.kill()
    demo.communicate()
    os.kill(now.supervisor, signal.SIGKILL)
    again = subprocess.Popen(command("demo", home, "--scale", "100"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert whole(ended(again))
