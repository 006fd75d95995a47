"""Which column of a file is which field: headings are matched through import_aliases.json."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.registry.rules.cells import CellError, parser
from services.registry.rules.reference_data import document

_BRACKETS = str.maketrans("（）", "()")
_OWN_LENGTH = {"date", "certificate_no"}
Row = dict[str, Any]


class UnusableFile(Exception):
    """The file as a whole cannot be imported; `code` is stable."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Column:
    """A field of an import with its official heading."""

    field: str
    heading: str
    required: bool
    max_length: int
    parse: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class ValidationIssue:
    """A rule that a row breaks (by its code), the field, and the value as written."""

    field: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file, each with its index in a row."""

    columns: tuple[tuple[int, Column], ...]
    ignored: tuple[str, ...]


@cache
def columns(kind: str) -> Mapping[str, Column]:
    """Every heading that is understood, for a kind of row (`certificate` or `sampling_failure`)."""
    by_heading: dict[str, Column] = {}
    for item in document("import_aliases")["items"]:
        if item["kind"] == kind:
            length = 10_000 if item["type"] in _OWN_LENGTH else item["max_length"]
            column = Column(item["field"], item["heading"], item["required"], length, parser(item["type"]))
            by_heading |= {_normalized(heading): column for heading in (item["heading"], *item["aliases"])}
    return by_heading


def heading_of(kind: str, field: str) -> str:
    """The official heading of a field."""
    return next(column.heading for column in columns(kind).values() if column.field == field)


def _normalized(heading: str) -> str:
    return "".join(heading.translate(_BRACKETS).split()).removeprefix("\ufeff")


def layout(kind: str, headings: Sequence[str]) -> Layout:
    """Find the fields of a file by its headings.

    Raises:
        UnusableFile: a required heading is missing, or two headings mean one field.
    """
    by_heading = columns(kind)
    matched = [(i, by_heading[_normalized(name)]) for i, name in enumerate(headings) if _normalized(name) in by_heading]
    fields = [column.field for _, column in matched]
    missing = [c.heading for c in dict.fromkeys(by_heading.values()) if c.required and c.field not in fields]
    if missing:
        raise UnusableFile("headings-missing", "、".join(missing))
    if ambiguous := [field for field in fields if fields.count(field) > 1]:
        raise UnusableFile("headings-ambiguous", ambiguous[0])
    return Layout(tuple(matched), tuple(name for name in headings if name.strip() and _normalized(name) not in by_heading))


def parse_row(file_layout: Layout, cells: Sequence[str]) -> tuple[Row, list[ValidationIssue]]:
    """The values of a row, and a validation issue for each cell that cannot be parsed."""
    row: Row = {}
    issues: list[ValidationIssue] = []
    width = len(cells)
    for index, column in file_layout.columns:
        raw = cells[index] if index < width else ""
        value = raw.strip()
        try:
            if broken_rule := _broken_rule(column, value):
                issues.append(ValidationIssue(column.field, raw, broken_rule))
            elif value:
                row[column.field] = column.parse(value)
        except CellError as error:
            issues.append(ValidationIssue(column.field, raw, error.code))
    return row, issues


def _broken_rule(column: Column, value: str) -> str | None:
    if not value:
        missing = "HOLDER_NAME_MISSING" if column.field == "applicant_name" else "REQUIRED_MISSING"
        return missing if column.required else None
    if len(value) > column.max_length:
        return "USCC_INVALID" if column.field.endswith("uscc") else "TOO_LONG"
    return None
