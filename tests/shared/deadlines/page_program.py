"""The program of `verify_date.html`, run by V8 without the page around it."""

import json
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer

from shared import deadlines

PAGE = Path(deadlines.__file__).with_name("verifiers") / "verify_date.html"
_OPENING, _CLOSING = '<script id="core">', "</script>"
_POLYFILL = """
globalThis.TextEncoder = class {
  encode(text) {
    const binary = unescape(encodeURIComponent(text)), bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }
};
"""
_CALL = """
function verdictOf(text) {
  const verdict = Dates.verify(text);
  return JSON.stringify([verdict.holds, verdict.due, verdict.holds ? null : verdict.reason]);
}
"""


class PageProgram:
    """One V8 with the core of the page loaded."""

    def __init__(self, page: Path) -> None:
        """Load the core out of the page, as it is handed out."""
        text = page.read_text("utf-8")
        start = text.index(_OPENING) + len(_OPENING)
        self._engine = MiniRacer()
        self._engine.eval(_POLYFILL + text[start : text.index(_CLOSING, start)] + _CALL)

    def verdict(self, document: str) -> tuple[Any, ...]:
        """Whether the document holds, the due day or instant, and what does not hold."""
        return tuple(json.loads(str(self._engine.call("verdictOf", document))))
