"""The program of the verifier's page, run by V8 as a browser would run it, without the page around it."""

import json
from pathlib import Path
from typing import Final, NamedTuple

_OPENING, _CLOSING = '<script id="core">', "</script>"

_MEANS: Final = """
// What a browser offers beyond the language itself; the rest of the core is the language alone.
globalThis.TextEncoder = class {
  encode(text) {
    const binary = unescape(encodeURIComponent(text)), bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }
  encodeInto(text, into) {
    const bytes = this.encode(text);
    into.set(bytes);
    return { read: text.length, written: bytes.length };
  }
};
globalThis.TextDecoder = class {
  decode(bytes) {
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return decodeURIComponent(escape(text));
  }
};
"""
_ASK: Final = """
function ask(transcript, ledger) {
  const bytes = (text) => (text === null ? null : new TextEncoder().encode(text));
  const steps = Draw.verify({ transcript: bytes(transcript), ledger: bytes(ledger), key: "" });
  for (;;) {
    const { done, value } = steps.next();
    if (!done) continue;
    const unchecked = value.steps.filter((one) => one.state === "unchecked").map((one) => one.step);
    const { step, message } = value.failure || { step: "", message: ["", ""] };
    return JSON.stringify([value.status, step, message[1], unchecked]);
  }
}
"""


class Said(NamedTuple):
    """What the page says of a file: `holds`, `fails` or `unreadable`; the failing step and why; the steps not checked."""

    status: str
    step: str
    reason: str
    unchecked: list[str]


class PageProgram:
    """One V8 with the core of `verify_draw.html` loaded."""

    def __init__(self, page: Path) -> None:
        """Load the core out of the page, as it is handed out."""
        from py_mini_racer import MiniRacer  # noqa: PLC0415  (of the embedded runtime; `ccc` in a container has none)

        text = page.read_text("utf-8")
        start = text.index(_OPENING) + len(_OPENING)
        self._engine = MiniRacer()
        self._engine.eval(_MEANS + text[start : text.index(_CLOSING, start)] + _ASK)

    def says(self, transcript: str, ledger: str | None = None) -> Said:
        """Its verdict on a transcript, or on a ledger by itself."""
        return Said(*json.loads(str(self._engine.call("ask", transcript, ledger))))
