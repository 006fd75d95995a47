"""Secrets of the embedded runtime: made once at random, kept in files that only their owner can read."""

import base64
import secrets
from pathlib import Path

KEY_BYTES = 32


def password_in(file: Path) -> str:
    """The password kept in `file`; a new one is made on the first call."""
    return _kept(file, secrets.token_urlsafe(KEY_BYTES))


def key_in(file: Path) -> str:
    """The base64 text of the 32-byte key kept in `file`; a new one is made on the first call."""
    return _kept(file, base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())


def write_private(file: Path, text: str) -> None:
    """Put `text` into `file` in one step; nobody but the owner can read the file or list its directory."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    partial.touch(mode=0o600)
    partial.write_text(text)
    partial.replace(file)


def _kept(file: Path, fresh: str) -> str:
    if not file.exists():
        write_private(file, fresh)
    return file.read_text()
