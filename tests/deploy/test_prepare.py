"""What a target needs of the system is named at once, and only what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import ROOT


def prepared(purpose: str, path: str, python: str) -> subprocess.CompletedProcess[str]:
    """`deploy/prepare.sh` where only the programs in `path` are found: no apt-get, so that nothing is installed."""
    command = [str(shutil.which("bash")), str(ROOT / "deploy/prepare.sh"), purpose, python]
    return subprocess.run(command, env={"PATH": path}, cwd=ROOT, capture_output=True, text=True, timeout=5, check=False)


@pytest.mark.parametrize(
    ("purpose", "packages"),
    [("run", {"python3.11"}), ("test", {"python3.11", "chromium-driver", "libreoffice-calc", "poppler-utils", "curl", "git"})],
)
def test_a_machine_without_anything_gets_every_package_named_in_one_line(
    purpose: str, packages: set[str], tmp_path: Path
) -> None:
    done = prepared(purpose, str(tmp_path), "python3.11")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert packages <= set(done.stderr.split())


def test_a_machine_that_has_everything_is_left_alone() -> None:
    done = prepared("test", os.environ["PATH"], sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
