"""The contracts of the import linter break where a wall has a hole: each planted import is named by its contract."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PRODUCT, ROOT

DECISIONS = "decisions reach no database, broker, clock, caller, web or chance, not even through others"
DRAW = "the draw reaches no database, broker, clock, caller, web or chance, not even through others"
RIGHTWARD = "inside a service imports go rightward only"
DOWNWARD = "inside shared imports go downward only"
APART = "no service imports another"
DIRECT = (
    ("services/sampling/draw/selection.py", "import secrets", DRAW),
    ("services/sampling/draw/selection.py", "from sqlalchemy import select", DRAW),
    ("services/sampling/draw/selection.py", "from fastapi import Request", DRAW),
    ("services/sampling/draw/tickets.py", "from shared.core.clock import SystemClock", DRAW),
    ("services/sampling/draw/tickets.py", "from uuid import uuid4", DRAW),
    ("services/cases/rules/hearing.py", "from shared.database.session import Session", DECISIONS),
    ("services/cases/rules/hearing.py", "from shared.core.clock import SystemClock", DECISIONS),
    ("services/cases/rules/hearing.py", "import os", DECISIONS),
    ("services/cases/rules/hearing.py", "import time", DECISIONS),
    ("services/cases/rules/hearing.py", "import random", DECISIONS),
    ("services/inspection/errors.py", "from shared.web import problems", DECISIONS),
    ("services/registry/sheets/xlsx.py", "from services.registry.service import imports", RIGHTWARD),
    ("services/sampling/documents/record.py", "from services.sampling.service import campaigns", RIGHTWARD),
    ("services/inspection/documents/__init__.py", "from services.inspection.service import inspections", RIGHTWARD),
    ("services/reporting/documents/workbook.py", "from services.reporting.service import summaries", RIGHTWARD),
    ("services/cases/rules/letters.py", "from services.cases.service import letters", RIGHTWARD),
    ("services/cases/queries.py", "from services.reporting import errors", APART),
    ("shared/core/errors.py", "from shared.web import problems", DOWNWARD),
)
INDIRECT = (
    ("shared/core/x.py", '"""A way round."""\n\nfrom shared.database.session import Session', DOWNWARD),
    ("services/cases/rules/hearing.py", "import shared.core.x", DECISIONS),
    ("services/sampling/draw/selection.py", "import shared.core.x", DRAW),
)


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A copy of what the linter reads."""
    for folder in PRODUCT:
        ignored = shutil.ignore_patterns("__pycache__", "libs", "*.json", "*.html")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(root: Path) -> str:
    """What the import linter says of a tree, every sentence on one line."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    wide = os.environ | {"COLUMNS": "500"}
    result = subprocess.run(command, cwd=root, env=wide, capture_output=True, text=True, timeout=60, check=False)
    return result.stdout + result.stderr


def broken(report: str) -> dict[str, str]:
    """What each broken contract names, by the contract's name."""
    details = report.partition("Broken contracts\n")[2]
    headed = re.split(r"^(.+)\n-+\n", details, flags=re.MULTILINE)
    return dict(zip(headed[1::2], headed[2::2], strict=True))


def plant(root: Path, violations: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    """Add each import to the end of its file, and give what the linter says of every contract that then is broken."""
    for name, text, _ in violations:
        file = root / name
        file.write_text(f"{file.read_text() if file.exists() else ''}{text}\n")
    return broken(lint(root))


def named(name: str, text: str) -> re.Pattern[str]:
    """The arrow of an import in the linter's report."""
    module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    imported = re.findall(r"(?:from|import) ([\w.]+)(?: import (\w+))?", text)[-1]
    target = rf"{re.escape(imported[0])}(\.{imported[1]})?" if imported[1] else re.escape(imported[0])
    return re.compile(rf"\b{re.escape(module)} -> {target} \(l\.")


def test_the_copy_that_nothing_was_planted_in_keeps_every_contract(product: Path) -> None:
    report = lint(product)
    assert re.search(r"Contracts: \d+ kept, 0 broken\.", report), report
    assert broken(report) == {}


def test_every_import_that_makes_a_hole_is_named_by_the_contract_that_forbids_it(product: Path) -> None:
    reports = plant(product, DIRECT)
    missed = [(name, text) for name, text, contract in DIRECT if not named(name, text).search(reports.get(contract, ""))]
    assert missed == []


def test_an_import_through_a_module_of_shared_is_named_too(product: Path) -> None:
    reports = plant(product, INDIRECT)
    missed = [(name, text) for name, text, contract in INDIRECT if not named(name, text).search(reports.get(contract, ""))]
    assert missed == []
    assert "services.cases.rules is not allowed to import shared.database" in reports[DECISIONS]
