"""Both offline verifiers, run on documents that the service handed out."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from deploy.demo.page import PageProgram

VERIFIERS = Path(__file__).parents[3] / "services" / "sampling" / "verifiers"


@cache
def _page() -> PageProgram:
    return PageProgram(VERIFIERS / "verify_draw.html")


def verified(document: dict[str, Any], directory: Path, ledger: dict[str, Any] | None = None) -> str:
    """What the Python verifier says of a document; fails the test where it or the page's program finds something false."""
    (directory / "document.json").write_text(json.dumps(document))
    extra = []
    if ledger is not None:
        (directory / "ledger.json").write_text(json.dumps(ledger))
        extra = ["--ledger", str(directory / "ledger.json")]
    command = [sys.executable, "-I", str(VERIFIERS / "verify_draw.py"), str(directory / "document.json"), "--lang", "en", *extra]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = _page().says(json.dumps(document), None if ledger is None else json.dumps(ledger))
    assert said.status == "holds", said
    return done.stdout
