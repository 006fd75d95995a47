"""The files a province is handed over in: XLSX and CSV with official headings, JSON for people."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from deploy.demo.province.reference import headings
from deploy.demo.province.rows import Row, certificate_row, failure_row
from deploy.demo.province.shapes import Province
from deploy.demo.province.spoiled import BadRow, bad_rows

_SHEET = "证书信息"


@dataclass(frozen=True, slots=True)
class ExpectedRejection:
    """A row that the import must refuse: its line in the sheet (the heading is line 1) and why.

    `codes` are rules of certificate_rules.json, of which the report must name at least one.
    """

    line: int
    certificate_no: str
    field: str
    heading: str
    value: str
    codes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Files:
    """Where a province was written."""

    certificates: Path
    expected_rejections: Path
    failures: Path
    failures_gb18030: Path
    inspectors: Path
    experts: Path
    conflicts: Path
    organizations: Path


def write(province: Province, directory: Path) -> Files:
    """Write every file of the province into `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    failed_in = province.as_of.year - 1
    files = Files(
        certificates=directory / "certificates.xlsx",
        expected_rejections=directory / "expected_rejections.json",
        failures=directory / f"sampling_failures_{failed_in}.csv",
        failures_gb18030=directory / f"sampling_failures_{failed_in}_gb18030.csv",
        inspectors=directory / "inspectors.json",
        experts=directory / "experts.json",
        conflicts=directory / "conflicts.json",
        organizations=directory / "organizations.json",
    )
    _write_json(files.expected_rejections, write_certificates(province, files.certificates))
    write_failures(province, files.failures, "utf-8-sig")
    write_failures(province, files.failures_gb18030, "gb18030")
    for name in ("inspectors", "experts", "conflicts", "organizations"):
        _write_json(getattr(files, name), getattr(province, name))
    return files


def write_certificates(province: Province, path: Path) -> tuple[ExpectedRejection, ...]:
    """Write the certificate export as XLSX, bad rows spread among the good ones; return which rows are bad."""
    columns = headings("certificate")
    rejections = []
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_SHEET)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading)
        for line, (row, bad) in enumerate(_mixed(province), start=1):
            for place, column in enumerate(columns):
                sheet.write_string(line, place, row.get(column.field, ""))
            if bad:
                rejections.append(_expected(line + 1, bad))
    return tuple(rejections)


def write_failures(province: Province, path: Path, encoding: str) -> None:
    """Write the list of failed samplings as CSV."""
    columns = headings("sampling_failure")
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(column.heading for column in columns)
        for row in map(failure_row, province.failures):
            writer.writerow(row.get(column.field, "") for column in columns)


def _mixed(province: Province) -> Iterator[tuple[Row, BadRow | None]]:
    """Good rows with a bad one after every stretch; duplicates come last, long after their originals."""
    spoiled = tuple(bad_rows(province))
    stretch = len(province.certificates) // len(spoiled)
    for place, certificate in enumerate(province.certificates):
        yield certificate_row(certificate, province.as_of), None
        turn, rest = divmod(place + 1, stretch)
        if not rest and turn <= len(spoiled):
            yield spoiled[turn - 1].row, spoiled[turn - 1]


def _expected(line: int, bad: BadRow) -> ExpectedRejection:
    heading = next(column.heading for column in headings("certificate") if column.field == bad.field)
    number = bad.row["certificate_no"]
    return ExpectedRejection(line, number, bad.field, heading, bad.row[bad.field], bad.codes, bad.why)


def _write_json(path: Path, records: Sequence[Any]) -> None:
    content = [asdict(record) for record in records]
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=date.isoformat) + "\n", "utf-8")
