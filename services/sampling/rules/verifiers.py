"""The programs that check draws offline, as they are handed out."""

from functools import cache
from pathlib import Path
from typing import Final

NAMES: Final = {"verify_draw.py": "text/x-python", "verify_draw.html": "text/html"}
"""Media type by file name."""


@cache
def content(name: str) -> bytes:
    """The bytes of one of `NAMES`."""
    return (Path(__file__).parent.parent / "verifiers" / name).read_bytes()
