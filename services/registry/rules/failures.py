"""What a row of the list of failed samplings must satisfy (监督抽查不合格名单)."""

from datetime import date
from typing import Any

from services.registry.rules.certificates import Document, Judgement
from services.registry.rules.layout import Complaint, Row
from services.registry.rules.parties import located
from services.registry.rules.validation_rules import rule


def judge(row: Row, complaints: list[Complaint], *, today: date, year: int) -> Judgement:
    """Check a row of the list for `year`; `complaints` are those about single cells."""
    found = list(complaints)
    if row.get("year", year) != year:
        found.append(Complaint("year", str(row["year"]), "YEAR_MISMATCH"))
    place = located(row.get("region_code"), today)
    if place is None and "region_code" in row:
        found.append(Complaint("region_code", row["region_code"], "OUT_OF_PROVINCE"))
    if place is None or any(rule(complaint.code).rejects for complaint in found):
        return Judgement(None, found)
    return Judgement(_document(row, place), found)


def _document(row: Row, place: tuple[str, str, str]) -> Document:
    division, city, county = place
    reported: date | None = row.get("reported_on")
    optional: dict[str, Any] = {
        field: row.get(field)
        for field in ("level", "producer_name", "product_category_code", "model", "batch", "tested_by", "closed")
    }
    return optional | {
        "sampling_no": row["sampling_no"],
        "year": row["year"],
        "uscc": row["uscc"],
        "name": row["organization_name"],
        "kind": row["organization_role"],
        "division": division,
        "city": city,
        "county": county,
        "address": row.get("address", ""),
        "product_name": row["product_name"],
        "failed_items": row["failed_items"],
        "failed_on": reported.isoformat() if reported else None,
    }
