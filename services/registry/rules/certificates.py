"""What a row of the certificate export must satisfy, and the certificate that it describes (V1-V7 and the import rules)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registry.rules import certificate_numbers, parties
from services.registry.rules.certificate_numbers import Number
from services.registry.rules.layout import Complaint, Row
from services.registry.rules.reference_data import bodies, catalogue
from services.registry.rules.validation_rules import rule
from shared.core.months import add_years
from shared.events.value_objects import Party
from shared.vocabulary import CertificateRoute

Document = dict[str, Any]
"""A checked certificate as plain JSON values; the fields are those of the table."""
REPORTED_ON = "reported_on"
"""Differs from one daily export to the next although nothing has changed."""
_TEXTS = (
    *("status_reason_code", "body_name", "body_cnca_no", "product_category_name", "product_name_main", "product_name"),
    *("rule_no", "annual_check_url"),
)
_LISTS = ("models", "standards", "cert_mode")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a row: the certificate, or None where an error rejects it; and every complaint."""

    document: Document | None
    complaints: list[Complaint]


def judge(row: Row, complaints: list[Complaint], *, today: date, legacy: bool) -> Judgement:
    """Check the values of a row against each other; `complaints` are those about single cells."""
    route = CertificateRoute(row.get("route", "certificate"))
    number, broken = certificate_numbers.take_apart(row.get("certificate_no", ""), route, legacy=legacy)
    found = list(complaints)
    if broken and "certificate_no" in row:
        found.append(Complaint("certificate_no", row["certificate_no"], broken))
    found += _dates(row, route, today)
    found += _doubts(row, number, today)
    people = parties.parties_of(row)
    role, fault = parties.organisation_of(people, today)
    place = parties.located(people[role]["division"], today) if role else None
    if role is None and not any(c.field.endswith(("_region_code", "_uscc")) for c in found):
        found.append(_without_organisation(people, fault))
    if route is CertificateRoute.SELF_DECLARATION and not row.get("product_category_code"):
        found.append(Complaint("product_category_code", "", "REQUIRED_MISSING"))
    if role is None or place is None or any(rule(c.code).rejects for c in found):
        return Judgement(None, found)
    owner = {"organisation_uscc": people[role]["uscc"], "city": place[1], "county": place[2]}
    return Judgement(_document(row, number, route, people | owner, found), found)


def content_of(document: Document) -> tuple[str, str]:
    """What a row says, whichever file said it: as JSON text, and the digest of that text."""
    content = {key: value for key, value in document.items() if key != REPORTED_ON}
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return written, hashlib.sha256(written.encode()).hexdigest()


def _without_organisation(people: dict[str, parties.PartyValues], fault: str) -> Complaint:
    field = "factory_region_code" if fault == "OUT_OF_PROVINCE" else "factory_uscc"
    value = people["factory"]["division" if fault == "OUT_OF_PROVINCE" else "uscc"]
    return Complaint(field, value or "", fault)


def _dates(row: Row, route: CertificateRoute, today: date) -> Iterator[Complaint]:
    issued, expires, first = row.get("issued_on"), row.get("expires_on"), row.get("first_issued_on")
    if issued and issued > today:
        yield Complaint("issued_on", issued.isoformat(), "ISSUED_IN_FUTURE")
    if first and issued and first > issued:
        yield Complaint("first_issued_on", first.isoformat(), "V6")
    if not issued or not expires:
        return
    if expires < issued:
        yield Complaint("expires_on", expires.isoformat(), "EXPIRY_BEFORE_ISSUE")
    elif expires > add_years(issued, longest_validity(route)):
        yield Complaint("expires_on", expires.isoformat(), "V7")


def longest_validity(route: CertificateRoute) -> int:
    """How many years a certificate or declaration may be valid (O117 22; CNCA-00C-008:2019)."""
    key = "max_years" if route is CertificateRoute.CERTIFICATE else "max_years_declaration"
    years: int = rule("V7").parameters[key]
    return years


def _doubts(row: Row, number: Number, today: date) -> Iterator[Complaint]:
    issued = row.get("issued_on")
    if issued is None:
        return
    first, category = row.get("first_issued_on"), row.get("product_category_code")
    for code in certificate_numbers.doubts(number, first_issued=first, issued=issued, category=category, today=today):
        yield Complaint("certificate_no", number.text, code)


def _document(row: Row, number: Number, route: CertificateRoute, people: dict[str, Any], complaints: list[Complaint]) -> Document:
    category = row.get("product_category_code") or number.category or ""
    item = catalogue().get(category)
    body = bodies().get(number.body or "")
    return {
        **{field: row.get(field) for field in _TEXTS},
        **{field: row.get(field, []) for field in _LISTS},
        **{field: _iso(row.get(field)) for field in ("suspend_until", "reported_on", "issued_on", "expires_on")},
        "certificate_no": number.text,
        "edition": row.get("certificate_edition") or number.edition or "00",
        "route": route.value,
        "status": row["status"],
        "status_since": _iso(row.get("status_since")),
        "first_issued_on": _iso(_first_issue(row)),
        "body_code": number.body or "",
        "body_cnca_no": row.get("body_cnca_no") or (body.cnca_no if body else None),
        "product_category_code": category,
        "priority_group": item.priority_group if item else None,
        **people,
        "suspect_misuse": any(complaint.code == "V5" for complaint in complaints),
    }


def _first_issue(row: Row) -> date:
    first: date = min(row.get("first_issued_on") or row["issued_on"], row["issued_on"])
    return first


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def party(values: parties.PartyValues) -> Party:
    """A party as events tell it."""
    return Party.model_validate(values | {"address": values["address"] or ""})
