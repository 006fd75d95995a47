"""The data of the notice and of the procedures, read once: parameters of the campaign, roles of the steps, grounds."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

_DATA: Final = Path(__file__).parent.parent / "data"


@cache
def _items(name: str, key: str) -> dict[str, dict[str, Any]]:
    document = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return {item[key]: item for item in document["items"]}


def parameter(name: str) -> Any:
    """A parameter of the notice, such as `planned_sample`."""
    return _items("campaign_2024_215", "key")[name]["value"]


def step(name: str) -> dict[str, Any]:
    """Who may do a step of a draw: `roles` by kind and `not_same_person_as`."""
    return _items("draw_roles", "step")[name]


def word(key: str) -> str:
    """The Chinese word of the printed record for a key such as `act/draw.sealed`."""
    found: str = _items("record_words", "key")[key]["name_zh"]
    return found


def acts() -> list[str]:
    """The actions of the log of acts that are steps of a draw."""
    return [key.removeprefix("act/") for key in _items("record_words", "key") if key.startswith("act/")]


def recusal(reason: str) -> dict[str, Any]:
    """What holds for a ground of recusal: `detail_required`, `decided_by`."""
    return _items("recusal_reasons", "code")[reason]


def replacement(reason: str) -> dict[str, Any]:
    """What holds for a ground of replacement: `applies_to`, `successor`, `approver`."""
    return _items("replacement_reasons", "code")[reason]


def in_participation_order() -> list[str]:
    """The prefecture-level units that the notice has take part."""
    return [city for city, takes_part in parameter("participates").items() if takes_part]


def failure_year() -> int:
    """The year of the sampling whose failures are the second priority population."""
    return int(str(parameter("second_priority")).rsplit("_", 1)[-1])
