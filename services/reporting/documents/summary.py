"""A summary as PDF, in the look of an official report: the same bytes every time it is printed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.reporting.models import Summary
from services.reporting.rules.reference_data import agency, city, document, name_zh
from shared.core import pdf as core_pdf

HERE = Path(__file__).parent


def pdf(summary: Summary, campaign: Mapping[str, Any]) -> bytes:
    """The printed summary of a city or of the province."""
    return core_pdf.pdf(HERE / "summary.typ", data=json.dumps(_content(summary, campaign), ensure_ascii=False))


def _content(summary: Summary, campaign: Mapping[str, Any]) -> dict[str, Any]:
    rounds = {item["code"]: item["name_zh"] for item in document("rounds")["items"]}
    return {
        "org": agency(summary.city or str(campaign["issuer"])),
        "title": campaign["title"],
        "document_no": campaign["document_no"],
        "round": rounds[summary.round],
        "as_of": _day(str(summary.as_of)),
        "submitted_on": _day(str(summary.submitted_on or summary.decided_on or summary.as_of)),
        "digest": summary.digest,
        "summary_id": str(summary.summary_id),
        "sections": [_section(summary, section) for section in document("summary")["sections"]],
        "breakdown": _breakdown(summary, "city" if summary.city is None else "priority_group"),
        "texts": [
            {"title": text["title_zh"], "text": getattr(summary, text["key"]) or "无。"} for text in document("summary")["texts"]
        ],
    }


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def _section(summary: Summary, section: Mapping[str, Any]) -> dict[str, Any]:
    values = {figure["key"]: figure["value"] for figure in summary.figures}
    items = [item for item in document("summary")["items"] if item["section"] == section["code"]]
    rows = [[item["name_zh"], printed(item["unit"], values.get(item["key"]))] for item in items]
    return {"title": section["name_zh"], "rows": rows}


def printed(unit: str, value: int | Sequence[int] | None) -> str:
    """A value as it is printed: a ratio with its two numbers and the percentage rounded half up, money in yuan."""
    if value is None:
        return "—"
    if isinstance(value, int):
        return f"{value // 100:,}.{value % 100:02d} 元" if unit == "fen" else str(value)
    part, whole = value
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{part}/{whole}（{tenths // 10}.{tenths % 10}%）"


_BROKEN_DOWN = ("objects_due", "objects_inspected", "objects_with_findings", "findings", "finding_rate")


def _breakdown(summary: Summary, by: str) -> dict[str, Any]:
    figures = {figure["key"]: figure["breakdowns"].get(by, {}) for figure in summary.figures}
    items = {item["key"]: item for item in document("summary")["items"]}
    groups = sorted({group for key in _BROKEN_DOWN for group in figures[key]})
    rows = [
        [_group(by, group), *(printed(items[key]["unit"], figures[key].get(group)) for key in _BROKEN_DOWN)] for group in groups
    ]
    head = ["设区市" if by == "city" else "产品大类", *(items[key]["name_zh"] for key in _BROKEN_DOWN)]
    return {"head": head, "rows": rows}


def _group(by: str, code: str) -> str:
    if code == "OTHER":
        return "其他"
    return city(code) if by == "city" else name_zh("priority_group", code)
