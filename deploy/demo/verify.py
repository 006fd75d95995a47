"""Checks what the campaign left with the verifiers that share no code with the services."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
DRAW = _ROOT / "services" / "sampling" / "verifiers" / "verify_draw.py"
DATE = _ROOT / "shared" / "deadlines" / "verify_date.py"


@dataclass(frozen=True)
class Verdict:
    """What a verifier said of one file."""

    file: Path
    holds: bool
    said: str


def draws(directory: Path) -> list[Verdict]:
    """Every transcript, each against the public ledger."""
    ledger = directory / "ledger.json"
    files = sorted(file for file in directory.glob("*.json") if file != ledger)
    return [_verdict(file, DRAW, str(file), "--ledger", str(ledger), "--lang", "en") for file in files]


def dates(directory: Path) -> list[Verdict]:
    """Every explained deadline, recomputed day by day."""
    return [_verdict(file, DATE, str(file)) for file in sorted(directory.glob("*.json"))]


def _verdict(file: Path, program: Path, *arguments: str) -> Verdict:
    command = [sys.executable, "-I", str(program), *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return Verdict(file, answer.returncode == 0, (answer.stdout + answer.stderr).strip())
