"""The forms that this service prints, as PDF: the same content gives the same bytes."""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from services.inspection.rules import law
from shared.clock import SHANGHAI
from shared.settings import settings

HERE = Path(__file__).parent
_turn = Lock()
"""One compilation at a time: the compiler keeps its state between them, which is what makes it fast."""


FAMILIES = ({"Noto Serif SC", "Noto Serif CJK SC"}, {"Noto Sans SC", "Noto Sans CJK SC"})
"""The form is set in one family of each pair."""


class FontMissingError(RuntimeError):
    """A font that the forms are set in is not there; without it a form would show empty boxes."""


@lru_cache
def _fonts() -> typst.Fonts:
    directory = settings().font_dir
    return typst.Fonts(include_system_fonts=directory is None, font_paths=[directory] if directory else [])


def require_fonts() -> None:
    """Refuse to start without the Chinese fonts.

    Raises:
        FontMissingError: neither CCC_FONT_DIR nor, where it is not set, the system has them.
    """
    present = set(_fonts().families())
    for pair in FAMILIES:
        if not pair & present:
            raise FontMissingError(f"none of {sorted(pair)} is installed: set CCC_FONT_DIR or install the fonts")


@lru_cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(HERE / "confirmation_sheet.typ", root=HERE, font_paths=_fonts())


def confirmation_sheet(sheet: dict[str, Any]) -> bytes:
    """Annex 2 as PDF, from the JSON form of `SheetOut`."""
    with _turn:
        printed = _compiler().compile(sys_inputs={"sheet": json.dumps(_printable(sheet), ensure_ascii=False)})
    assert isinstance(printed, bytes)
    return printed


def _printable(sheet: dict[str, Any]) -> dict[str, Any]:
    form, content = law.table("confirmation_sheet"), sheet["content"]
    current = [one for one in sheet["signatures"] if one["content_hash"] == sheet["content_hash"]]
    head = content["head"] | {
        "started_at": _local(content["head"]["started_at"]),
        "ended_at": _local(max((one["signed_at"] for one in current), default="")),
    }
    titles = {(row["section"], row["key"]): row["title_zh"] for row in form["items"]}
    return {
        "title": form["official_title"],
        "head": [[title, head[key]] for (section, key), title in titles.items() if section == "head"],
        "columns": {key: title for (section, key), title in titles.items() if section == "rows"},
        "rows": content["rows"],
        "guidance": content["guidance"],
        "integrity": content["integrity"],
        "opinions": {row["code"]: row["name_zh"] for row in form["opinions"]},
        "signatures": [_signed(one, sheet["evidence_numbers"]) for one in current],
        "copies": "、".join(f"{row['holder_zh']}一份" for row in form["copies"]),
        "digest": sheet["content_hash"],
    }


def _signed(one: dict[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    recording = f"证据{numbers[one['recording']]}" if one["recording"] else None
    return one | {"signed_on": _local(one["signed_at"]), "recording": recording}


def _local(instant: str) -> str:
    """An instant as it is written on forms, in Asia/Shanghai."""
    if not instant:
        return ""
    moment = datetime.fromisoformat(instant).astimezone(SHANGHAI)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour:02}:{moment.minute:02}"
