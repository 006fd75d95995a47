"""The offline verifier, run on documents that the service handed out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

VERIFIER = Path(__file__).parents[3] / "services" / "sampling" / "verifiers" / "verify_draw.py"


def verified(document: dict[str, Any], directory: Path, ledger: dict[str, Any] | None = None) -> str:
    """What the verifier says of a document; fails the test where something does not hold."""
    (directory / "document.json").write_text(json.dumps(document))
    extra = []
    if ledger is not None:
        (directory / "ledger.json").write_text(json.dumps(ledger))
        extra = ["--ledger", str(directory / "ledger.json")]
    command = [sys.executable, str(VERIFIER), str(directory / "document.json"), "--lang", "en", *extra]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
