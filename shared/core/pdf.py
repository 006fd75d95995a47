"""Documents set by typst in the Chinese fonts: the same content gives the same bytes."""

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from shared.settings import settings

FAMILIES: Final = ({"Noto Serif SC", "Noto Serif CJK SC"}, {"Noto Sans SC", "Noto Sans CJK SC"})
"""A document is set in one family of each pair."""
_lock = Lock()
"""One compilation at a time: a compiler keeps its state between them, which is what makes it fast."""


class FontMissingError(RuntimeError):
    """A font that the documents are set in is missing; without it a document would show empty boxes."""


@lru_cache
def _fonts() -> typst.Fonts:
    directory = settings().font_dir
    return typst.Fonts(include_system_fonts=directory is None, font_paths=[directory] if directory else [])


def require_fonts() -> None:
    """Stop the start without the Chinese fonts.

    Raises:
        FontMissingError: neither CCC_FONT_DIR nor, where it is not set, the system has them.
    """
    present = set(_fonts().families())
    for pair in FAMILIES:
        if not pair & present:
            raise FontMissingError(f"none of {sorted(pair)} is installed: set CCC_FONT_DIR or install the fonts")


@lru_cache
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(template, root=template.parent, font_paths=_fonts())


def pdf(template: Path, **content: str) -> bytes:
    """The PDF of a template, which reads `content` as `sys.inputs`."""
    with _lock:
        printed = _compiler(template).compile(format="pdf", sys_inputs=content, timestamp=0)
    assert isinstance(printed, bytes)
    return printed
