"""The archive package of a case: which papers it must hold and in which order they lie (O2 art 78)."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.cases.rules.reference_data import document

_ALWAYS = {"source"}
_OF_A_FILED_CASE = _ALWAYS | {"filing_form", "decision_and_receipts", "evidence", "final_report", "review", "closing_form"}
_DECIDED_ON_THE_SPOT = _ALWAYS | {"decision_and_receipts", "closing_form"}
_OF_A_TRANSFERRED_CASE = _ALWAYS | {"filing_form", "other_documents", "closing_form"}


def order(history: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every place of the dossier with the steps whose papers lie there, in the official order."""
    steps = list(history)
    return [
        {key: item[key] for key in ("order", "volume", "code", "name_zh", "name_en")}
        | {"papers": [step for step in steps if step["event"] in item["events"]]}
        for item in document("dossier_order")["items"]
    ]


def missing(record: Mapping[str, Any]) -> set[str]:
    """The places that ought to hold a paper and do not. `record` names the steps taken."""
    if "decline_filing" in record:
        needed = _ALWAYS | {"filing_form"}
    elif "decide_on_the_spot" in record:
        needed = _DECIDED_ON_THE_SPOT
    elif {"transfer_other", "transfer_judicial"} & set(record):
        needed = _OF_A_TRANSFERRED_CASE
    else:
        needed = _OF_A_FILED_CASE
    held = {item["code"] for item in document("dossier_order")["items"] if set(item["events"]) & set(record)}
    return needed - held
