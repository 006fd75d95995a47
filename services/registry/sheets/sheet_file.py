"""A file as rows of text, whatever its format."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from services.registry.rules.layout import UnusableFile
from services.registry.rules.validation_rules import limit
from services.registry.sheets import csv_text, xlsx

CSV, XLSX = "csv", "xlsx"
_FORMATS = {
    "text/csv": CSV,
    "application/csv": CSV,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": XLSX,
}
Cells = list[str]


@dataclass(frozen=True)
class Sheet:
    """The first row of a file and the rows below it, each with its line; the heading is line 1 unless lines above are empty."""

    encoding: str
    headings: Cells
    rows: Iterator[tuple[int, Cells]]


def format_of(content_type: str) -> str | None:
    """The format that a media type announces; None for others."""
    return _FORMATS.get(content_type.partition(";")[0].strip().lower())


@contextmanager
def open_sheet(file: IO[bytes], file_format: str) -> Iterator[Sheet]:
    """Open an uploaded file of format `file_format`.

    Raises:
        UnusableFile: it is empty, truncated, in no known encoding, no workbook, or larger than the limits; also while it is read.
    """
    reading = csv_text.rows(file) if file_format == CSV else xlsx.rows(file)
    with reading as (encoding, lines):
        numbered = _non_empty(lines)
        first = next(numbered, None)
        if first is None:
            raise UnusableFile("file-empty")
        if len(first[1]) > limit("columns"):
            raise UnusableFile("too-many-columns", str(len(first[1])))
        yield Sheet(encoding, first[1], numbered)


def _non_empty(lines: Iterator[Cells]) -> Iterator[tuple[int, Cells]]:
    """Rows with at least one filled cell, with their lines."""
    max_rows = limit("rows")
    try:
        for line, cells in enumerate(lines, start=1):
            if line > max_rows:
                raise UnusableFile("too-many-rows", str(max_rows))
            if any(cell and not cell.isspace() for cell in cells):
                yield line, cells
    except csv.Error as error:
        raise UnusableFile("file-truncated", str(error)) from error
