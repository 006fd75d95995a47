"""The documents of this service as PDF: the same content gives the same bytes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from services.inspection.rules import reference_data
from shared.core.clock import SHANGHAI
from shared.core.pdf import pdf

HERE = Path(__file__).parent


def confirmation_sheet(sheet: dict[str, Any]) -> bytes:
    """Annex 2 as PDF, from the JSON form of `ConfirmationSheetOut`."""
    return pdf(HERE / "confirmation_sheet.typ", sheet=json.dumps(_printable(sheet), ensure_ascii=False))


def _printable(sheet: dict[str, Any]) -> dict[str, Any]:
    form, content = reference_data.document("confirmation_sheet"), sheet["content"]
    current = [row for row in sheet["signatures"] if row["content_hash"] == sheet["content_hash"]]
    head = content["head"] | {
        "started_at": _local(content["head"]["started_at"]),
        "ended_at": _local(max((signature["signed_at"] for signature in current), default="")),
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
        "signatures": [_signature(signature, sheet["evidence_numbers"]) for signature in current],
        "copies": "、".join(f"{row['holder_zh']}一份" for row in form["copies"]),
        "digest": sheet["content_hash"],
    }


def _signature(signature: dict[str, Any], numbers: dict[str, int]) -> dict[str, Any]:
    recording = f"证据{numbers[signature['recording']]}" if signature["recording"] else None
    return signature | {"signed_on": _local(signature["signed_at"]), "recording": recording}


def _local(instant: str) -> str:
    """An instant as it is written on forms, in Asia/Shanghai."""
    if not instant:
        return ""
    moment = datetime.fromisoformat(instant).astimezone(SHANGHAI)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour:02}:{moment.minute:02}"
