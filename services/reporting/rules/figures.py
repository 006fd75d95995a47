"""The figures of a summary: exact values over rows that can be listed. Ratios are [numerator, denominator], never floats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.reporting.rules.enums import Unit
from services.reporting.rules.reference_data import document
from services.reporting.rules.rows import Row
from shared.core.canonical import SHA_256, fingerprint

Value = int | list[int] | None
OTHER = "OTHER"
"""The group of a breakdown for rows that have none."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the rows that it counts, and those of the denominator where it is a ratio."""

    key: str
    unit: Unit
    value: Value
    breakdowns: dict[str, dict[str, Value]]
    counted: tuple[Row, ...]
    of: tuple[Row, ...]

    def content(self) -> dict[str, Any]:
        """The figure as the summary holds it, without its rows."""
        return {"key": self.key, "unit": self.unit.value, "value": self.value, "breakdowns": self.breakdowns}


def items() -> list[dict[str, Any]]:
    """The definitions of `data/summary.json`."""
    return list(document("summary")["items"])


def computed(rows: Iterable[Row]) -> list[Figure]:
    """All figures over `rows`; a row that comes twice (an inspector at two objects) counts once."""
    by_kind: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, {}).setdefault(row.row_id, row)
    return [_from_flags(item, list(by_kind.get(item["counts"], {}).values())) for item in items()]


def _from_flags(item: dict[str, Any], rows: list[Row]) -> Figure:
    counted = [row for row in rows if item["flag"] in row.flags]
    return figure(item, counted, [row for row in rows if item.get("of_flag") in row.flags])


def figure(item: dict[str, Any], counted: Sequence[Row], of: Sequence[Row]) -> Figure:
    """One figure over the rows that it counts and the rows of its denominator."""
    unit = Unit(item["unit"])
    breakdowns = {by: _by(unit, by, counted, of) for by in item["breakdowns"]}
    ordered = [tuple(sorted(rows, key=lambda row: row.row_id)) for rows in (counted, of)]
    return Figure(item["key"], unit, _value(unit, counted, of), breakdowns, *ordered)


def _value(unit: Unit, counted: Sequence[Row], of: Sequence[Row]) -> Value:
    if unit is Unit.FEN:
        return sum(row.amount_fen or 0 for row in counted)
    if unit is Unit.COUNT:
        return len(counted)
    return [len(counted), len(of)] if of else None


def _by(unit: Unit, by: str, counted: Sequence[Row], of: Sequence[Row]) -> dict[str, Value]:
    groups = sorted({getattr(row, by) or OTHER for row in (*counted, *of)})
    return {group: _value(unit, _in_group(counted, by, group), _in_group(of, by, group)) for group in groups}


def _in_group(rows: Sequence[Row], by: str, group: str) -> list[Row]:
    return [row for row in rows if (getattr(row, by) or OTHER) == group]


def document_of(head: dict[str, Any], figures: Sequence[Figure]) -> dict[str, Any]:
    """What a summary's digest is taken of: its head and each figure with the ids of its rows."""
    with_rows = [
        {**figure.content(), "counted": [row.row_id for row in figure.counted], "of": [row.row_id for row in figure.of]}
        for figure in figures
    ]
    return {**head, "figures": with_rows, "protocol": "ccc-summary/1"}


def digest_of(whole: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a summary's document, in hex."""
    return fingerprint(SHA_256, whole)
