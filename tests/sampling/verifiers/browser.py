"""A real Chromium on a file page without a network, driven over the W3C WebDriver protocol by the standard library."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SWITCHES = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--window-size=1100,1400",
    # No name resolves and no proxy answers: the network is off for the page, but for this machine itself.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-server=127.0.0.1:9",
]


class Browser:
    """One browser session."""

    def __init__(self, address: str) -> None:
        self._root = address
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": SWITCHES, "binary": "/usr/bin/chromium"},
        }
        made = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._root = f"{address}/session/{made['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self._root + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def open(self, page: Path) -> None:
        """Load a page from its file."""
        self.visit(page.as_uri())

    def visit(self, address: str) -> None:
        """Load the page at an address; this machine's own are the only ones that can be reached."""
        self._call("POST", "/url", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that a piece of JavaScript returns in the page."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def choose(self, field: str, file: Path) -> None:
        """Choose a file in the file field with this id."""
        self.type(field, str(file))

    def type(self, field: str, text: str) -> None:
        """Type into the element with this id."""
        found = self._call("POST", "/element", {"using": "css selector", "value": f"#{field}"})
        self._call("POST", f"/element/{found[ELEMENT]}/value", {"text": text})

    def keys(self, *keys: str) -> None:
        """Press and release keys, one after another, wherever the focus is."""
        actions = [action for key in keys for action in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def until(self, script: str, seconds: float = 60) -> Any:
        """The first true value of the script; fails when there is none in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(script)
            if value:
                return value
            time.sleep(0.05)
        raise TimeoutError(script)

    def outcome(self) -> tuple[str, str]:
        """Status and first failing step that the page shows once it has finished."""
        box = self.until(
            "const box = document.getElementById('report');"
            "return document.getElementById('working').hidden && !box.hidden && [box.dataset.status, box.dataset.step];"
        )
        return box[0], box[1]

    def screenshot(self, file: Path) -> None:
        """What is seen, the whole length of the page."""
        height = self.run("return document.documentElement.scrollHeight")
        self._call("POST", "/window/rect", {"width": 1100, "height": min(int(height) + 200, 12000)})
        file.write_bytes(base64.b64decode(self._call("GET", "/screenshot")))

    def pdf(self, file: Path) -> None:
        """What is printed."""
        file.write_bytes(base64.b64decode(self._call("POST", "/print", {"background": True})))

    def close(self) -> None:
        """End the session."""
        self._call("DELETE", "")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/status", timeout=5) as answer:
            return bool(json.load(answer)["value"]["ready"])
    except OSError:
        return False


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the length of a block; an error, not a skip, where Debian's package is missing."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while not _answers(address):
            if time.monotonic() > end:
                raise TimeoutError("chromedriver does not answer")
            time.sleep(0.05)
        browser = Browser(address)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        driver.terminate()
        driver.wait()
