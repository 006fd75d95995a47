"""The three parties of a certificate, and which of them is the inspected enterprise (获证组织)."""

from datetime import date
from typing import Any

from services.registry.rules.layout import Row
from services.registry.rules.reference_data import current_division

PARTY_ROLES = ("applicant", "manufacturer", "factory")
_ORDER = ("factory", "manufacturer", "applicant")
"""A-08: the factory where it is in the province, else the manufacturer, else the applicant."""
PartyValues = dict[str, Any]


def parties_of(row: Row) -> dict[str, PartyValues]:
    """The parties of a row; a missing factory is the manufacturer, and a company named again keeps its values."""
    parties: dict[str, PartyValues] = {}
    for role in PARTY_ROLES:
        values = {
            "name": row.get(f"{role}_name"),
            "uscc": row.get(f"{role}_uscc"),
            "country": row.get(f"{role}_country"),
            "division": row.get(f"{role}_region_code"),
            "address": row.get(f"{role}_address", ""),
        }
        parties[role] = _completed(values, list(parties.values()))
    return parties


def _completed(values: PartyValues, earlier: list[PartyValues]) -> PartyValues:
    if values["name"] is None:
        return dict(earlier[-1]) if earlier else values
    for other in earlier:
        same = other["uscc"] == values["uscc"] if values["uscc"] else other["name"] == values["name"]
        if same and values["name"] == other["name"]:
            return {key: value or other[key] for key, value in values.items()}
    return values


def inspected_role(parties: dict[str, PartyValues], today: date) -> tuple[str | None, str]:
    """The role of the inspected enterprise, or None and the code of the rule that leaves the row without one (A-08)."""
    local = [role for role in _ORDER if locate(parties[role]["division"], today)]
    named = [role for role in local if parties[role]["uscc"]]
    if named:
        return named[0], ""
    return None, "REQUIRED_MISSING" if local else "OUT_OF_PROVINCE"


def locate(code: str | None, today: date) -> tuple[str, str, str] | None:
    """Division in force, acting prefecture-level unit and county of a division code; None outside the bureau's province."""
    division = current_division(code, today) if code else None
    if division is None or division.excluded or division.level != "county" or division.city is None:
        return None
    return division.code, division.city, division.code
