"""Checks what the campaign left with the verifiers that share no code with the services."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.page import PageProgram

_ROOT = Path(__file__).resolve().parents[2]
DRAW = _ROOT / "services" / "sampling" / "verifiers" / "verify_draw.py"
PAGE = _ROOT / "services" / "sampling" / "verifiers" / "verify_draw.html"
DATE = _ROOT / "shared" / "deadlines" / "verifiers" / "verify_date.py"


@dataclass(frozen=True)
class Verdict:
    """What a verifier said of one file."""

    program: str
    file: Path
    holds: bool
    said: str


def draws(directory: Path) -> list[Verdict]:
    """Every transcript against the public ledger, and the ledger by itself, by the program and by the page's program in V8."""
    ledger = directory / "ledger.json"
    files = sorted(file for file in directory.glob("*.json") if file != ledger)
    by_program = [_verdict(file, DRAW, str(file), "--ledger", str(ledger), "--lang", "en") for file in files]
    page, public = PageProgram(PAGE), ledger.read_text("utf-8")
    by_page = [_by_page(page, file, public) for file in files]
    return [*by_program, _verdict(ledger, DRAW, str(ledger), "--lang", "en"), *by_page, _by_page(page, ledger, None)]


def dates(directory: Path) -> list[Verdict]:
    """Every explained deadline, recomputed day by day."""
    return [_verdict(file, DATE, str(file)) for file in sorted(directory.glob("*.json"))]


def _verdict(file: Path, program: Path, *arguments: str) -> Verdict:
    command = [sys.executable, "-I", str(program), *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return Verdict(program.name, file, answer.returncode == 0, (answer.stdout + answer.stderr).strip())


def _by_page(page: PageProgram, file: Path, ledger: str | None) -> Verdict:
    said = page.says(file.read_text("utf-8"), ledger)
    return Verdict(PAGE.name, file, said.status == "holds", f"{said.status} {said.step} {said.reason}".strip())
