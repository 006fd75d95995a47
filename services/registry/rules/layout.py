"""Which column of a file is which field: headings are matched through import_aliases.json."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.registry.rules.cells import CellFault, parser
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
    read: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A rule that a row breaks, and where."""

    field: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file, each with its place in a row."""

    columns: tuple[tuple[int, Column], ...]
    ignored: tuple[str, ...]


@cache
def columns(kind: str) -> Mapping[str, Column]:
    """Every heading that is understood, for a kind of row (`certificate` or `sampling_failure`)."""
    found: dict[str, Column] = {}
    for item in document("import_aliases")["items"]:
        if item["kind"] == kind:
            length = 10_000 if item["type"] in _OWN_LENGTH else item["max_length"]
            column = Column(item["field"], item["heading"], item["required"], length, parser(item["type"]))
            found |= {_plain(heading): column for heading in (item["heading"], *item["aliases"])}
    return found


def heading_of(kind: str, field: str) -> str:
    """The official heading of a field."""
    return next(column.heading for column in columns(kind).values() if column.field == field)


def _plain(heading: str) -> str:
    return "".join(heading.translate(_BRACKETS).split()).removeprefix("\ufeff")


def layout(kind: str, headings: Sequence[str]) -> Layout:
    """Find the fields of a file by its headings.

    Raises:
        UnusableFile: a required heading is missing, or two headings mean one field.
    """
    known = columns(kind)
    matched = [(place, known[_plain(name)]) for place, name in enumerate(headings) if _plain(name) in known]
    fields = [column.field for _, column in matched]
    missing = [c.heading for c in dict.fromkeys(known.values()) if c.required and c.field not in fields]
    if missing:
        raise UnusableFile("headings-missing", "、".join(missing))
    if twice := [field for field in fields if fields.count(field) > 1]:
        raise UnusableFile("headings-ambiguous", twice[0])
    return Layout(tuple(matched), tuple(name for name in headings if name.strip() and _plain(name) not in known))


def read_row(plan: Layout, cells: Sequence[str]) -> tuple[Row, list[Complaint]]:
    """The values of a row, and a complaint for each cell that has none."""
    row: Row = {}
    complaints: list[Complaint] = []
    width = len(cells)
    for place, column in plan.columns:
        raw = cells[place] if place < width else ""
        value = raw.strip()
        try:
            if fault := _fault(column, value):
                complaints.append(Complaint(column.field, raw, fault))
            elif value:
                row[column.field] = column.read(value)
        except CellFault as fault_of_cell:
            complaints.append(Complaint(column.field, raw, fault_of_cell.code))
    return row, complaints


def _fault(column: Column, value: str) -> str | None:
    if not value:
        missing = "HOLDER_NAME_MISSING" if column.field == "applicant_name" else "REQUIRED_MISSING"
        return missing if column.required else None
    if len(value) > column.max_length:
        return "USCC_INVALID" if column.field.endswith("uscc") else "TOO_LONG"
    return None
