"""Both verifiers behind one question: what do you say of these bytes?"""

from __future__ import annotations

import base64
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.sampling.verifiers.browser import Browser

HERE = Path(__file__).parents[3] / "services" / "sampling" / "verifiers"
PROGRAM, PAGE = HERE / "verify_draw.py", HERE / "verify_draw.html"
Verdict = tuple[str, str]
BATCH = 50
"""Files in one script: Chromium gives a script thirty seconds, which must do on a busy machine."""
ASK = """
return arguments[0].map(([transcript, ledger]) => {
  const bytes = (text) => text === null ? null : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const steps = Draw.verify({ transcript: bytes(transcript), ledger: bytes(ledger), key: "" });
  for (;;) {
    const { done, value } = steps.next();
    if (done) return [value.status, value.failure ? value.failure.step : ""];
  }
});
"""


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_draw", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_draw"] = module
    spec.loader.exec_module(module)
    return module


program: Any = _load()


def text(document: Any) -> bytes:
    """A document as a file."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def python_says(raw: bytes, ledger: bytes | None = None) -> Verdict:
    """Status and first failing step by the Python verifier."""
    report = program.verify(raw, ledger)
    return report.status, report.failure[0] if report.failure else ""


def page_says(browser: Browser, files: list[tuple[bytes, bytes | None]]) -> list[Verdict]:
    """Status and first failing step by the page's core, in Chromium, for many files."""
    verdicts: list[Verdict] = []
    for start in range(0, len(files), BATCH):
        batch = [
            [None if raw is None else base64.b64encode(raw).decode() for raw in pair] for pair in files[start : start + BATCH]
        ]
        verdicts += [(status, step) for status, step in browser.run(ASK, batch)]
    return verdicts
