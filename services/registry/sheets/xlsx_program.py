"""A program: a workbook on standard input, the rows of its first sheet as CSV in UTF-8 on standard output.

It is a process of its own so that a malicious workbook ends this process and not the service. Argument: the most bytes of memory.
"""

import csv
import io
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook


def as_text(value: Any) -> str:
    """A cell as a person would write it: whole numbers without a fraction, days without a time."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def main() -> None:
    """Convert standard input to standard output."""
    max_bytes = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
    out = csv.writer(
        io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False), quoting=csv.QUOTE_ALL
    )
    empty_rows, empty_columns = sheet.start or (0, 0)
    for _ in range(empty_rows):
        out.writerow([""])
    for row in sheet.iter_rows():
        out.writerow([""] * empty_columns + [as_text(value) for value in row])


if __name__ == "__main__":
    main()
