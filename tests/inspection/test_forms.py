"""No form is printed without its Chinese fonts."""

import pytest
import typst

from services.inspection import forms


def test_a_missing_font_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(forms, "_fonts", lambda: without)
    with pytest.raises(forms.FontMissingError, match="Noto Serif SC"):
        forms.require_fonts()
