"""The embedded runtime prints Chinese without any font of the system."""

import io
from pathlib import Path

import pypdf
import pytest
import typst

from deploy.fonts import FontMissingError, font_directory

SENTENCE = "强制性产品认证监督检查现场检查确认单"


@pytest.mark.parametrize("family", ["Noto Serif SC", "Noto Sans SC"])
def test_a_form_is_set_in_the_installed_typeface(family: str, tmp_path: Path) -> None:
    source = tmp_path / "form.typ"
    source.write_text(f'#set text(font: "{family}")\n{SENTENCE}', "utf-8")
    compiled = typst.compile(source, font_paths=[font_directory()], ignore_system_fonts=True)
    assert isinstance(compiled, bytes)
    page = pypdf.PdfReader(io.BytesIO(compiled)).pages[0]
    assert page.extract_text().strip() == SENTENCE
    assert family.replace(" ", "").encode() in compiled


def test_a_missing_font_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("deploy.fonts.noto.serif_path", lambda: tmp_path / "NotoSerifSC-Regular.otf")
    with pytest.raises(FontMissingError, match="NotoSerifSC"):
        font_directory()
