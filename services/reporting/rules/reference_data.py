"""The law and the forms as data: files with a version, never constants."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.core.province import province

DATA = Path(__file__).parents[1] / "data"
UNKNOWN = "—"


@lru_cache
def document(name: str) -> dict[str, Any]:
    """A data file of this service: `annex3`, `annex4`, `ledger`, `rounds`, `summary`, `disclosure`."""
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return content


@lru_cache
def _words() -> dict[tuple[str, str], dict[str, Any]]:
    return {(item["table"], item["code"]): item for item in document("words")["items"]}


def word(table: str, code: str | None) -> str:
    """The Chinese word of a code; the code itself where the data does not know it, empty for None."""
    if code is None:
        return ""
    known = _words().get((table, code))
    return code if known is None else str(known["name_zh"])


def region(code: str | None) -> str:
    """The name of a division; the code where the data does not know it."""
    return str(province().division(code or "").get("name_zh") or code or "")


def city(code: str | None) -> str:
    """The name under which a prefecture-level unit acts: a county by code may act as an area of its own."""
    return str(province().division(code or "").get("area_zh") or region(code))


def agency(code: str | None) -> str:
    """The market bureau of a division (市场监督管理局)."""
    return str(province().regulator(code or "").get("name_zh") or region(code))
