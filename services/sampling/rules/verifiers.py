"""The programs that check draws offline, as they are handed out."""

from functools import cache
from pathlib import Path
from typing import Final

NAMES: Final = {"verify_draw.py": "text/x-python", "verify_draw.html": "text/html"}
"""Media type by file name."""

GUIDE: Final = "README.md"
"""How to use them, in Chinese and English."""


@cache
def content(name: str) -> bytes:
    """The bytes of one of `NAMES` or of the guide."""
    return (Path(__file__).parent.parent / "verifiers" / name).read_bytes()
