"""The certificate number (证书编号): year of first issue, body, product category, serial; rules V1 to V6."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from services.registry.rules.reference_data import bodies, catalogue
from services.registry.rules.validation_rules import LEGACY, rule
from shared.vocabulary import CertificateRoute

_WITH_EDITION = re.compile(r"(.+?)\((\d{2})\)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """The parts of a number; `year`, `body` and `category` are None where its form has none."""

    text: str
    edition: str | None
    year: int | None = None
    body: str | None = None
    category: str | None = None


@cache
def _pattern(code: str) -> re.Pattern[str]:
    return re.compile(str(rule(code).parameters["pattern"]))


def parse(written: str, route: CertificateRoute, *, legacy: bool) -> tuple[Number, str | None]:
    """The parts of a number as written, and the code of the rule that its form breaks, if any (V1, V1D or V1L)."""
    match = _WITH_EDITION.fullmatch(written)
    text, edition = match.groups() if match else (written, None)
    if route is CertificateRoute.SELF_DECLARATION:
        return Number(text, edition), None if _pattern("V1D").fullmatch(text) else "V1D"
    if _pattern("V1").fullmatch(text):
        return Number(text, edition, int(text[:4]), text[4:6], text[6:10]), None
    early = legacy and _pattern(LEGACY).fullmatch(text)
    return Number(text, edition), LEGACY if early else "V1"


def broken_rules(number: Number, *, first_issued: date | None, issued: date, category: str | None, today: date) -> list[str]:
    """The codes of the rules that a well-formed number breaks when it is compared with the rest of its row."""
    if number.year is None:
        return []
    broken_by_code = {
        "V2": not rule("V2").parameters["first_year"] <= number.year <= today.year,
        "NUMBER_YEAR_AFTER_ISSUE": number.year > issued.year,
        "V3": number.body not in bodies(),
        "V4": not _in_catalogue(number.category, issued),
        "V5": category is not None and category != number.category,
        "V6": first_issued is not None and first_issued.year != number.year,
    }
    return [code for code, is_broken in broken_by_code.items() if is_broken]


def _in_catalogue(category: str | None, day: date) -> bool:
    item = catalogue().get(category or "")
    return item is not None and item.validity.on(day)
