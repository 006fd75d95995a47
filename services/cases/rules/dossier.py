"""The archive package of a case: which papers it must hold and in which order they lie (O2 art 78)."""

from collections.abc import Collection, Iterable
from typing import Protocol

from services.cases.rules.reference_data import Document, document
from services.cases.rules.steps import ExternalTransfer, JudicialTransfer, NonFiling, OnTheSpot

_ALWAYS = {"source"}
_OF_A_FILED_CASE = _ALWAYS | {"filing_form", "decision_and_receipts", "evidence", "final_report", "review", "closing_form"}
_DECIDED_ON_THE_SPOT = _ALWAYS | {"decision_and_receipts", "closing_form"}
_OF_A_TRANSFERRED_CASE = _ALWAYS | {"filing_form", "other_documents", "closing_form"}


class _Entry(Protocol):
    @property
    def event(self) -> str: ...


def order(history: Iterable[_Entry]) -> list[Document]:
    """Every place of the dossier with the steps whose documents lie there, in the official order."""
    entries = list(history)
    return [
        {key: item[key] for key in ("order", "volume", "code", "name_zh", "name_en")}
        | {"papers": [entry for entry in entries if entry.event in item["events"]]}
        for item in document("dossier_order")["items"]
    ]


def missing(events: Collection[str]) -> set[str]:
    """The places that ought to hold a document and do not, once these steps were taken."""
    if NonFiling.event in events:
        needed = _ALWAYS | {"filing_form"}
    elif OnTheSpot.event in events:
        needed = _DECIDED_ON_THE_SPOT
    elif ExternalTransfer.event in events or JudicialTransfer.event in events:
        needed = _OF_A_TRANSFERRED_CASE
    else:
        needed = _OF_A_FILED_CASE
    held = {item["code"] for item in document("dossier_order")["items"] if not set(item["events"]).isdisjoint(events)}
    return needed - held
