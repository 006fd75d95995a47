"""What a row of the certificate export must satisfy, and the certificate that it describes (V1-V7 and the import rules)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registry.rules import certificate_numbers, parties
from services.registry.rules.certificate_numbers import Number
from services.registry.rules.layout import Row, ValidationIssue
from services.registry.rules.reference_data import bodies, catalogue
from services.registry.rules.validation_rules import rule
from shared.core.months import add_years
from shared.vocabulary import CertificateRoute, ObjectKind

Document = dict[str, Any]
"""A checked certificate as plain JSON values; the fields are those of the table."""
REPORTED_ON = "reported_on"
"""Differs from one daily export to the next although nothing has changed."""
_TEXTS = (
    "status_reason_code",
    "body_name",
    "body_cnca_no",
    "product_category_name",
    "product_name_main",
    "product_name",
    "rule_no",
    "annual_check_url",
)
_LISTS = ("models", "standards", "cert_mode")


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The certificate of a row, or None where an error rejects the row; and every validation issue."""

    document: Document | None
    issues: list[ValidationIssue]


def validate(row: Row, issues: list[ValidationIssue], *, today: date, legacy: bool) -> ValidationResult:
    """Check the values of a row against each other (V1 to V7); `issues` are those about single cells."""
    route = CertificateRoute(row.get("route", "certificate"))
    number, broken_rule = certificate_numbers.parse(row.get("certificate_no", ""), route, legacy=legacy)
    issues = list(issues)
    if broken_rule and "certificate_no" in row:
        issues.append(ValidationIssue("certificate_no", row["certificate_no"], broken_rule))
    issues += _date_issues(row, route, today)
    issues += _number_issues(row, number, today)
    people = parties.parties_of(row)
    role, missing_rule = parties.inspected_role(people, today)
    location = parties.locate(people[role]["division"], today) if role else None
    if role is None and not any(issue.field.endswith(("_region_code", "_uscc")) for issue in issues):
        issues.append(_no_enterprise(people, missing_rule))
    if route is CertificateRoute.SELF_DECLARATION and not row.get("product_category_code"):
        issues.append(ValidationIssue("product_category_code", "", "REQUIRED_MISSING"))
    if role is None or location is None or any(rule(issue.code).rejects for issue in issues):
        return ValidationResult(None, issues)
    owner = {"enterprise_uscc": people[role]["uscc"], "city": location[1], "county": location[2]}
    return ValidationResult(_document(row, number, route, people | owner, issues), issues)


def content_of(document: Document) -> tuple[str, str]:
    """The content of a row, whichever file it came in: as JSON text, and the SHA-256 of that text in hex."""
    content = {key: value for key, value in document.items() if key != REPORTED_ON}
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return written, hashlib.sha256(written.encode()).hexdigest()


def _no_enterprise(people: dict[str, parties.PartyValues], broken_rule: str) -> ValidationIssue:
    field = "factory_region_code" if broken_rule == "OUT_OF_PROVINCE" else "factory_uscc"
    value = people["factory"]["division" if broken_rule == "OUT_OF_PROVINCE" else "uscc"]
    return ValidationIssue(field, value or "", broken_rule)


def _date_issues(row: Row, route: CertificateRoute, today: date) -> Iterator[ValidationIssue]:
    issued, expires, first = row.get("issued_on"), row.get("expires_on"), row.get("first_issued_on")
    if issued and issued > today:
        yield ValidationIssue("issued_on", issued.isoformat(), "ISSUED_IN_FUTURE")
    if first and issued and first > issued:
        yield ValidationIssue("first_issued_on", first.isoformat(), "V6")
    if not issued or not expires:
        return
    if expires < issued:
        yield ValidationIssue("expires_on", expires.isoformat(), "EXPIRY_BEFORE_ISSUE")
    elif expires > add_years(issued, longest_validity(route)):
        yield ValidationIssue("expires_on", expires.isoformat(), "V7")


def longest_validity(route: CertificateRoute) -> int:
    """How many years a certificate or declaration may be valid (O117 22; CNCA-00C-008:2019)."""
    key = "max_years" if route is CertificateRoute.CERTIFICATE else "max_years_declaration"
    years: int = rule("V7").parameters[key]
    return years


def _number_issues(row: Row, number: Number, today: date) -> Iterator[ValidationIssue]:
    issued = row.get("issued_on")
    if issued is None:
        return
    first, category = row.get("first_issued_on"), row.get("product_category_code")
    for code in certificate_numbers.broken_rules(number, first_issued=first, issued=issued, category=category, today=today):
        yield ValidationIssue("certificate_no", number.text, code)


def _document(
    row: Row, number: Number, route: CertificateRoute, people: dict[str, Any], issues: list[ValidationIssue]
) -> Document:
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
        "suspect_misuse": any(issue.code == "V5" for issue in issues),
    }


def _first_issue(row: Row) -> date:
    first: date = min(row.get("first_issued_on") or row["issued_on"], row["issued_on"])
    return first


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def enterprise_of(document: Document) -> dict[str, Any]:
    """The inspected enterprise of a certificate, by the columns of its table."""
    uscc = document["enterprise_uscc"]
    party = next(document[role] for role in reversed(parties.PARTY_ROLES) if document[role]["uscc"] == uscc)
    return {
        "uscc": uscc,
        "name": party["name"],
        "kind": ObjectKind.CERTIFIED_ORG,
        "division": document["county"],
        "city": document["city"],
        "county": document["county"],
        "address": party["address"],
    }
