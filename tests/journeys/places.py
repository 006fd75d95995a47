"""Where the objects that a path names are found: for each kind, the list that shows them and what names one there."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[[str, str], Awaitable[Any]]
"""Ask a service for the JSON at a path; None where the caller is refused."""

LISTS = {
    "registry": {
        "/v1/certificates/{certificate_no}": ("/v1/certificates", "certificate_no"),
        "/v1/enterprises/{uscc}": ("/v1/enterprises", "uscc"),
        "/v1/imports/{import_id}": ("/v1/imports", "id"),
        "/v1/catalogue/{code}": ("/v1/catalogue", "product_category_code"),
        "/v1/certification-bodies/{number_code}": ("/v1/certification-bodies", "number_code"),
        "/v1/divisions/{code}": ("/v1/divisions", "code"),
    },
    "sampling": {
        "/v1/assignments/{assignment_id}": ("/v1/assignments", "id"),
        "/v1/campaigns/{campaign_id}": ("/v1/campaigns", "id"),
        "/v1/draws/{draw_id}": ("/v1/draws", "id"),
        "/v1/draws/{draw_id}/membership/{uscc}": ("/v1/objects", "uscc"),
        "/v1/expert-requests/{request_id}": ("/v1/expert-requests", "id"),
        "/v1/replacements/{request_id}": ("/v1/replacements", "id"),
        "/v1/object-replacements/{request_id}": ("/v1/object-replacements", "id"),
        "/v1/inspectors/{inspector_id}": ("/v1/inspectors", "inspector_id"),
    },
    "inspection": {
        "/v1/inspections/{inspection_id}": ("/v1/inspections", "id"),
        "/v1/notices/{notice_id}": ("/v1/notices", "id"),
        "/v1/rectifications/{rectification_id}": ("/v1/rectifications", "id"),
        "/v1/alerts/{alert_id}": ("/v1/alerts", "id"),
        "/v1/evidence/{evidence_id}": ("/v1/inspections/{inspection_id}/evidence", "id"),
        "/v1/findings/{finding_id}": ("/v1/inspections/{inspection_id}/findings", "id"),
    },
    "cases": {
        "/v1/cases/{case_id}": ("/v1/cases", "id"),
        "/v1/cases/{case_id}/deadlines/{code}": ("/v1/cases/{case_id}/deadlines", "code"),
        "/v1/criminal-transfers/{transfer_id}": ("/v1/criminal-transfers", "id"),
        "/v1/copies/{copy_id}": ("/v1/copies", "id"),
        "/v1/letters/{letter_id}": ("/v1/letters", "id"),
        "/v1/qualification-matters/{matter_id}": ("/v1/qualification-matters", "id"),
    },
    "reporting": {
        "/v1/campaigns/{campaign_id}": ("/v1/campaigns", "campaign_id"),
        "/v1/disclosures/{disclosure_id}": ("/v1/disclosures", "disclosure_id"),
        "/v1/public/disclosures/{disclosure_id}": ("/v1/public/disclosures", "disclosure_id"),
        "/v1/findings/{finding_id}": ("/v1/campaigns/{campaign_id}/ledger", "finding_id"),
        "/v1/summaries/{summary_id}": ("/v1/summaries", "summary_id"),
        "/v1/summaries/{summary_id}/figures/{key}": ("/v1/summaries/{summary_id}", "figures.key"),
    },
}
for _service, _places in LISTS.items():
    _state = "running" if _service == "registry" else "met"
    _places["/v1/deadlines/{deadline_id}"] = (f"/v1/deadlines?state={_state}", "id")


def place_of(service: str, path: str) -> str | None:
    """The longest known beginning of a path template that ends with an id; None when the path names no object."""
    return max((place for place in LISTS[service] if f"{path}/".startswith((f"{place}/", f"{place}."))), key=len, default=None)


async def found(ask: Ask, service: str, place: str) -> list[str]:
    """The addresses of objects of a kind that whoever asks can see, without their service."""
    where, key = LISTS[service][place]
    inner = place_of(service, where)
    within = await found(ask, service, inner) if inner else [where]
    pages = [(base, await ask(service, where.replace(inner, base) if inner else where)) for base in within[:40]]
    template = place.rpartition("/")[0]
    belongs = inner is not None and template.startswith(inner)
    found_in = [(template.replace(inner, base) if inner and belongs else template, page) for base, page in pages]
    return [f"{folder}/{name}" for folder, page in found_in for name in _names(page, key)]


def _names(page: Any, key: str) -> list[str]:
    """The values of `key` in the items of a page, of a list, or of the list that the key names."""
    *inside, last = key.split(".")
    items = page.get(inside[0] if inside else "items", []) if isinstance(page, dict) else page or []
    return [str(one[last]) for one in items if one.get(last) is not None]


def parameters(path: str) -> list[str]:
    """The names that a path template leaves open."""
    return re.findall(r"\{(\w+)\}", path)
