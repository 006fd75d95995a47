"""No paper is printed without its Chinese fonts."""

import pytest
import typst

from shared.core import pdf


def test_a_missing_font_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(pdf, "_fonts", lambda: without)
    with pytest.raises(pdf.FontMissingError, match="Noto Serif SC"):
        pdf.require_fonts()
