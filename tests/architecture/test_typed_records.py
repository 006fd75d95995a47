"""Renaming what a guard reads is noticed by the type checker: the renaming is planted in a copy, and mypy names the reader."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

RULES = "services/cases/rules"
RENAMED = {
    f"{RULES}/steps.py": ("receiver: Short", "handlers: tuple", "reviewer: str", "penalties: tuple", "held_on: date"),
    f"{RULES}/transfer_steps.py": ("receiver: Short", "members: tuple", "materials: tuple", "procuratorate_copied: bool"),
    f"{RULES}/record.py": (
        "filing: steps",
        "review: steps",
        "notice: steps",
        "penalty_decision: steps",
        "payment: steps",
        "team: transfer",
    ),
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("renamed")
    shadows: list[str] = []
    for name, fields in RENAMED.items():
        text = (ROOT / name).read_text("utf-8")
        for field in fields:
            assert f"    {field}" in text
            text = text.replace(f"    {field}", f"    renamed_{field}")
        copy = folder / Path(name).name
        copy.write_text(text, "utf-8")
        shadows += ["--shadow-file", name, str(copy)]
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(folder / "cache"), *shadows, "-p", "services.cases"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("field", sorted({field.split(":")[0] for fields in RENAMED.values() for field in fields}))
def test_a_renamed_field_is_named_by_the_type_checker(complaints: str, field: str) -> None:
    assert f'has no attribute "{field}"' in complaints
