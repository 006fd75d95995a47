"""The README's commands do what it says, on a runtime of their own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.services import SERVICES

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
DEFAULT_PORTS = {name: 8101 + place for place, name in enumerate(SERVICES)}

pytestmark = [pytest.mark.journey]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    home = tmp_path_factory.mktemp("readme")
    env = os.environ | {"CCC_HOME": str(home), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    up = subprocess.run(["ccc", "up", "--detach"], env=env, capture_output=True, text=True, timeout=180, check=False)
    assert up.returncode == 0, up.stderr
    yield env
    subprocess.run(["ccc", "down"], env=env, capture_output=True, timeout=60, check=True)


def _at_home(block: str, environment: dict[str, str]) -> str:
    """The same commands, at the ports that were free, failing where curl is refused."""
    urls = json.loads((Path(environment["CCC_HOME"]) / "runtime.json").read_text())["urls"]
    for service, port in DEFAULT_PORTS.items():
        block = block.replace(f"http://127.0.0.1:{port}", urls[service])
    return block.replace("ccc up --detach", "ccc status").replace("curl -s", "curl -sS --fail-with-body")


def test_the_readme_has_a_first_five_minutes_for_each_of_its_readers() -> None:
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("block", BLOCKS)
def test_the_commands_of_the_readme_work(block: str, environment: dict[str, str]) -> None:
    script = "set -euo pipefail\n" + _at_home(block, environment)
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
