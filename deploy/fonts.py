"""The Chinese fonts that the embedded runtime prints with."""

from pathlib import Path

import pylopdf_fonts_zh_cn as noto


class FontMissingError(RuntimeError):
    """A font that the forms are set in is not installed; without it a PDF would show empty boxes."""


def font_directory() -> Path:
    """The directory with Noto Serif SC and Noto Sans SC (SIL Open Font License 1.1), for the setting CCC_FONT_DIR.

    Raises FontMissingError when one of the two files is not there.
    """
    for file in (noto.serif_path(), noto.sans_path()):
        if not file.is_file():
            raise FontMissingError(f"the font file {file} is missing: install the packages of requirements.lock again")
    return noto.serif_path().parent
