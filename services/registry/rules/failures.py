"""What a row of the list of failed samplings must satisfy (监督抽查不合格名单)."""

from datetime import date
from typing import Any

from services.registry.rules.certificates import Document, ValidationResult
from services.registry.rules.layout import Row, ValidationIssue
from services.registry.rules.parties import locate
from services.registry.rules.validation_rules import rule


def validate(row: Row, issues: list[ValidationIssue], *, today: date, year: int) -> ValidationResult:
    """Check a row of the list for `year`; `issues` are those about single cells."""
    issues = list(issues)
    if row.get("year", year) != year:
        issues.append(ValidationIssue("year", str(row["year"]), "YEAR_MISMATCH"))
    location = locate(row.get("region_code"), today)
    if location is None and "region_code" in row:
        issues.append(ValidationIssue("region_code", row["region_code"], "OUT_OF_PROVINCE"))
    if location is None or any(rule(issue.code).rejects for issue in issues):
        return ValidationResult(None, issues)
    return ValidationResult(_document(row, location), issues)


def _document(row: Row, location: tuple[str, str, str]) -> Document:
    division, city, county = location
    reported: date | None = row.get("reported_on")
    optional: dict[str, Any] = {
        field: row.get(field)
        for field in ("level", "producer_name", "product_category_code", "model", "batch", "tested_by", "closed")
    }
    return optional | {
        "sampling_no": row["sampling_no"],
        "year": row["year"],
        "uscc": row["uscc"],
        "name": row["enterprise_name"],
        "kind": row["enterprise_role"],
        "division": division,
        "city": city,
        "county": county,
        "address": row.get("address", ""),
        "product_name": row["product_name"],
        "failed_items": row["failed_items"],
        "failed_on": reported.isoformat() if reported else None,
    }
