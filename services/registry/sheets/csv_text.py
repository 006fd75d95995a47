"""CSV in UTF-8 (with or without byte order mark) or GB 18030, read as a stream."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from services.registry.rules.layout import UnusableFile

_ENCODINGS = ("utf-8-sig", "gb18030")
_BLOCK = 1 << 20


@contextmanager
def rows(file: IO[bytes]) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The encoding of the file and its rows.

    Raises:
        UnusableFile: it is in neither encoding, or ends within a character.
    """
    encoding = _encoding(file)
    ended = _has_final_line_end(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield encoding, _complete_rows(csv.reader(text, strict=True), ended=ended)
    finally:
        text.detach()


def _encoding(file: IO[bytes]) -> str:
    """The first encoding in which every byte can be read."""
    for encoding in _ENCODINGS:
        if _readable(file, encoding):
            return encoding
    raise UnusableFile("file-encoding", "UTF-8 / GB 18030")


def _readable(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
    except UnicodeDecodeError:
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnusableFile("file-truncated", "the last character is not complete") from error
    return True


def _has_final_line_end(file: IO[bytes]) -> bool:
    """Whether the last line has its end."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - 1, 0))
    return file.read(1) in (b"\n", b"\r", b"")


def _complete_rows(lines: Iterator[list[str]], *, ended: bool) -> Iterator[list[str]]:
    """The rows; a last one that has neither its line end nor all its columns was cut off when the file was written or sent."""
    width, cells = 0, list[str]()
    for cells in lines:
        width = width or len(cells)
        yield cells
    if not ended and len(cells) < width:
        raise UnusableFile("file-truncated", "the last row is not complete")
