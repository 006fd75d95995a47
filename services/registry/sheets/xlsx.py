"""XLSX: the zip is checked before anything is unpacked, and a process of its own with limited memory unpacks it."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from services.registry.rules.layout import UnusableFile
from services.registry.rules.validation_rules import limit

_PROGRAM = Path(__file__).with_name("xlsx_program.py")
_ENCRYPTED = 0x1


@contextmanager
def rows(file: IO[bytes]) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The rows of the first sheet.

    Raises:
        UnusableFile: it is no workbook, its zip is out of the limits, or it cannot be read within them.
    """
    check_archive(file)
    file.seek(0)
    command = [sys.executable, "-I", str(_PROGRAM), str(limit("xlsx_memory"))]
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603  (our own program)
        assert process.stdout is not None
        text = io.TextIOWrapper(process.stdout, encoding="utf-8", newline="")
        try:
            yield "xlsx", _all_rows(process, csv.reader(text, strict=True))
        finally:
            process.kill()


def check_archive(file: IO[bytes]) -> None:
    """Reject what is no workbook or would unpack to more than the limits.

    Raises:
        UnusableFile: `archive-unreadable` or `archive-suspicious`.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise UnusableFile("archive-unreadable", type(error).__name__) from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise UnusableFile("archive-unreadable", "xl/workbook.xml")
    if exceeded := _exceeded_limit(entries):
        raise UnusableFile("archive-suspicious", exceeded)


def _exceeded_limit(entries: list[zipfile.ZipInfo]) -> str | None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > limit("xlsx_entries"):
        return "entries"
    if unpacked > limit("xlsx_unpacked"):
        return "unpacked size"
    if unpacked > limit("xlsx_ratio") * max(packed, 1):
        return "ratio"
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        return "encrypted"
    return None


def _all_rows(process: subprocess.Popen[bytes], lines: Iterator[list[str]]) -> Iterator[list[str]]:
    yield from lines
    if process.wait() != 0:
        raise UnusableFile("archive-unreadable", f"reader ended with {process.returncode}")
