"""One campaign for all tests that look at what a campaign leaves; the services stay up until the last of them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local import processes
from deploy.local.home import Home

SCALE = 100
ENVIRONMENT = os.environ | {"CCC_LOG_LEVEL": "INFO"}
"""The runtime says what it does, however quiet the services of other tests are."""


def ccc(*arguments: str, home: Home) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.cli", *arguments, "--home", str(home.directory), "--json"]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)


def lived_through(home: Home) -> dict[str, Any]:
    answer = ccc("demo", "--scale", str(SCALE), home=home)
    assert answer.returncode == 0, answer.stderr[-4000:]
    return dict(json.loads(answer.stdout)[0])


@pytest.fixture(scope="session")
def campaign_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    place = Home.at(tmp_path_factory.mktemp("campaign"))
    yield place
    ccc("down", home=place)
    assert processes.leftovers(place.directory) == []


@pytest.fixture(scope="session")
def campaign(campaign_home: Home) -> dict[str, Any]:
    return lived_through(campaign_home)


@pytest.fixture(scope="session")
def output(campaign_home: Home, campaign: dict[str, Any]) -> Path:
    assert campaign["files"]
    return campaign_home.directory / "demo"
