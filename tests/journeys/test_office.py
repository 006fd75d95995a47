"""The forms that a campaign leaves, opened by other people's programs as on an official's machine."""

import csv
import subprocess
from pathlib import Path

import openpyxl
import pytest

pytestmark = [pytest.mark.journey]

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1"
"""Commas, double quotes, UTF-8, from the first line."""


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def opened_by_libreoffice(file: Path, to: str, into: Path) -> Path:
    """A file opened by LibreOffice without a screen and saved in another format."""
    profile = f"-env:UserInstallation=file://{into}/profile"
    run("soffice", profile, "--headless", "--convert-to", to, "--outdir", str(into), str(file))
    return into / f"{file.stem}.{to.split(':', maxsplit=1)[0]}"


@pytest.mark.parametrize("form", ["annex-3", "annex-4"])
def test_a_workbook_shows_the_same_text_in_libreoffice(form: str, output: Path, tmp_path: Path) -> None:
    book = output / form / "interim-province.xlsx"
    with opened_by_libreoffice(book, CSV, tmp_path).open("r", encoding="utf-8") as file:
        shown = {cell for line in csv.reader(file) for cell in line}
    cells = [cell.value for row in openpyxl.load_workbook(book).worksheets[0].iter_rows() for cell in row]
    texts = {cell for cell in cells if isinstance(cell, str)}
    assert len(texts) > 20
    assert texts <= shown
    assert [cell for cell in shown if cell.startswith(("#", "Err:"))] == []


def test_a_workbook_is_printed_by_libreoffice_with_its_chinese_text(output: Path, tmp_path: Path) -> None:
    printed = opened_by_libreoffice(output / "annex-3" / "interim-province.xlsx", "pdf", tmp_path)
    assert "附件3" in run("pdftotext", str(printed), "-")


@pytest.mark.parametrize("form", ["annex-2", "summary"])
def test_a_printed_form_opens_in_poppler_and_brings_its_fonts(form: str, output: Path) -> None:
    file = min((output / form).glob("*.pdf"))
    assert {"annex-2": "问题确认表", "summary": "汇总"}[form] in run("pdftotext", str(file), "-").replace("\n", "")
    fonts = [line.split() for line in run("pdffonts", str(file)).splitlines()[2:]]
    assert fonts
    assert all("yes" in font for font in fonts), "a font is not embedded"
