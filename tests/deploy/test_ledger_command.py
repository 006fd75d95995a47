"""`ccc ledger` on files: the exit status says whether the ledger goes on from what was kept."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sampling.verifiers import issued
from tests.sampling.verifiers.test_ledger_file import redrawn


def written(file: Path, document: Any) -> str:
    file.write_text(json.dumps(document))
    return str(file)


def ccc(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.cli", "ledger", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"LANG": "C.UTF-8"})


def test_a_ledger_that_goes_on_from_the_kept_head_passes(tmp_path: Path) -> None:
    ledger = written(tmp_path / "ledger.json", redrawn().export())
    kept = written(tmp_path / "kept.json", issued.signed(redrawn().head))
    done = ccc("check", kept, "--ledger", ledger)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "entry 3 is the one that was kept" in done.stdout
    without = ccc("check", "--ledger", ledger, "--json")
    assert json.loads(without.stdout)["not_checked"] == ["earlier"]


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"seq": 2}, {"seq": 4}])
def test_a_forged_or_replayed_head_fails_and_is_named(change: dict[str, Any], tmp_path: Path) -> None:
    ledger = written(tmp_path / "ledger.json", redrawn().export())
    done = ccc("check", written(tmp_path / "kept.json", redrawn().head | change), "--ledger", ledger, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["failure"]["step"] == "earlier"


def test_where_nothing_runs_it_says_what_to_give(tmp_path: Path) -> None:
    done = ccc("check", "--home", str(tmp_path))
    assert done.returncode == 1
    assert "--ledger" in done.stderr
