"""The data of the notices and of the procedures, read once: parameters of campaigns, roles of the steps, grounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from shared.core import data_files

_PACKAGE: Final = "services.sampling"
_DATA: Final = Path(__file__).parent.parent / "data"


def _items(name: str, key: str) -> Mapping[str, Mapping[str, Any]]:
    return data_files.rows(_PACKAGE, name, key)


@dataclass(frozen=True)
class Ruleset:
    """The parameters that a notice sets for its campaigns, by name such as `planned_sample`; `code` is its file's name."""

    code: str
    version: str
    valid_from: date
    parameters: Mapping[str, Any]


def ruleset(issuer: str, day: date) -> Ruleset:
    """The parameters under which a campaign is planned by a province on a day: the newest in force, else the first one.

    Raises:
        LookupError: no file in `data` has this issuer.
    """
    held = [one for one in _rulesets() if one.parameters["issuer"] == issuer]
    if not held:
        raise LookupError(f"no campaign_*.json has the issuer {issuer}")
    return next((one for one in reversed(held) if one.valid_from <= day), held[0])


@cache
def _rulesets() -> tuple[Ruleset, ...]:
    found = [_ruleset(path.stem) for path in _DATA.glob("campaign_*.json")]
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.code)))


def _ruleset(code: str) -> Ruleset:
    """A file may name another one under `based_on`, whose parameters hold where it has none of its own."""
    document = data_files.load(_PACKAGE, code)
    inherited = _ruleset(document["based_on"]).parameters if "based_on" in document else {}
    own = {item["key"]: item["value"] for item in document["items"]}
    return Ruleset(code, document["version"], date.fromisoformat(document["valid_from"]), {**inherited, **own})


def step(name: str) -> Mapping[str, Any]:
    """Who may do a step of a draw: `roles` by kind, and the earlier steps whose person it may not be.

    `not_same_person_as` holds always, `not_same_person_on_redraw_as` from the second attempt on.
    """
    return _items("draw_roles", "step")[name]


def word(key: str) -> str:
    """The Chinese word of the printed record for a key such as `act/draw.sealed`."""
    found: str = _items("record_words", "key")[key]["name_zh"]
    return found


def acts() -> list[str]:
    """The actions of the log of acts that are steps of a draw."""
    return [key.removeprefix("act/") for key in _items("record_words", "key") if key.startswith("act/")]


def recusal(reason: str) -> Mapping[str, Any]:
    """What holds for a ground of recusal: `detail_required`, `decided_by`."""
    return _items("recusal_reasons", "code")[reason]


def replacement(reason: str) -> Mapping[str, Any]:
    """What holds for a ground of replacement: `applies_to`, `successor`, `approver`."""
    return _items("replacement_reasons", "code")[reason]
