"""The law and the forms as data: files with a version, never constants."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

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


@lru_cache
def _regions() -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in document("regions")["items"]}


def word(table: str, code: str | None) -> str:
    """The Chinese word of a code; the code itself where the data does not know it, empty for None."""
    if code is None:
        return ""
    known = _words().get((table, code))
    return code if known is None else str(known["name_zh"])


def region(code: str | None) -> str:
    """The name of a division; the code where the data does not know it."""
    return str(_regions().get(code or "", {}).get("name_zh") or code or "")


def city(code: str | None) -> str:
    """The name under which a prefecture-level unit acts: Pingtan is a county by code and acts as an experimental area."""
    return str(_regions().get(code or "", {}).get("city_zh") or region(code))


def agency(code: str | None) -> str:
    """The market bureau of a division (市场监督管理局)."""
    known = _regions().get(code or "", {})
    return str(known.get("agency_zh") or known.get("name_zh") or code or "")
