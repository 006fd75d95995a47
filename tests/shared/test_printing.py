"""No paper is printed without its Chinese fonts."""

import pytest
import typst

from shared import printing


def test_a_missing_font_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(printing, "_fonts", lambda: without)
    with pytest.raises(printing.FontMissingError, match="Noto Serif SC"):
        printing.require_fonts()
