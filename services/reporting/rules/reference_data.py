"""The forms and rules of this service as data, and the Chinese names of codes and divisions."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from shared.core import data_files
from shared.core.province import province

PACKAGE = "services.reporting"


def document(name: str) -> data_files.Document:
    """A data file of this service: `annex3`, `annex4`, `ledger`, `rounds`, `summary`, `summary_states`, `disclosure`."""
    return data_files.load(PACKAGE, name)


@cache
def _names() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    return {(item["table"], item["code"]): item for item in document("names")["items"]}


def name_zh(table: str, code: str | None) -> str:
    """The Chinese name of a code; the code itself where the data does not have it, empty for None."""
    if code is None:
        return ""
    item = _names().get((table, code))
    return code if item is None else str(item["name_zh"])


def region(code: str | None) -> str:
    """The name of a division; the code where the data does not have it."""
    return str(province().division(code or "").get("name_zh") or code or "")


def city(code: str | None) -> str:
    """The name under which a prefecture-level unit acts: a county by code may act as an area of its own."""
    return str(province().division(code or "").get("area_zh") or region(code))


def agency(code: str | None) -> str:
    """The market bureau of a division (市场监督管理局)."""
    return str(province().regulator(code or "").get("name_zh") or region(code))
