"""The registry's reference data: files with a version, read once and kept in memory; the law is corrected there, not here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from shared.core import data_files
from shared.core.province import province
from shared.vocabulary import PriorityGroup


@cache
def document(name: str) -> Mapping[str, Any]:
    """A data file by its name, such as `catalogue`; divisions and regulators are those of the installation's province.

    Raises:
        FileNotFoundError: there is no such file.
    """
    of_province = {"divisions": province().divisions, "regulators": province().regulators}
    if name in of_province:
        return of_province[name]
    return data_files.load("services.registry", name)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which an entry is valid, both included; None is open."""

    valid_from: date | None
    valid_to: date | None

    def on(self, day: date) -> bool:
        """Whether the entry is valid on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Division:
    """A code of GB/T 2260; `city` is the prefecture-level unit that acts there."""

    code: str
    name_zh: str
    name_en: str
    level: str
    parent: str | None
    city: str | None
    successor: str | None
    excluded: bool
    validity: Validity


@dataclass(frozen=True, slots=True)
class CertificationBody:
    """A designated certification body (指定认证机构); `number_code` is part of the numbers of its certificates."""

    number_code: str | None
    cnca_no: str | None
    name: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A product of the CCC catalogue with the dates of its obligation."""

    code: str
    name_zh: str
    name_en: str
    priority_group: PriorityGroup | None
    acceptance_from: date | None
    mandatory_from: date | None
    announcement: str
    validity: Validity


def validity(item: Mapping[str, Any]) -> Validity:
    """The days on which an entry of a data file is valid."""
    return Validity(_day(item["valid_from"]), _day(item["valid_to"]))


@cache
def divisions() -> Mapping[str, Division]:
    """Every division code of the province, retired ones included."""
    return {
        item["code"]: Division(
            item["code"],
            item["name_zh"],
            item["name_en"],
            item["level"],
            item["parent"],
            item["city"],
            item["successor"],
            item.get("excluded", False),
            validity(item),
        )
        for item in document("divisions")["items"]
    }


def current_division(code: str, day: date) -> Division | None:
    """The division that a code means on `day`: a retired code leads to its successor; None for an unknown code."""
    current = divisions().get(code)
    while current is not None and not current.validity.on(day) and current.successor:
        current = divisions().get(current.successor)
    return current


@cache
def catalogue() -> Mapping[str, CatalogueItem]:
    """The CCC catalogue by product category code."""
    return {
        item["code"]: CatalogueItem(
            item["code"],
            item["name_zh"],
            item["name_en"],
            PriorityGroup(item["priority_group"]) if item["priority_group"] else None,
            _day(item["acceptance_from"]),
            _day(item["mandatory_from"]),
            item["announcement"],
            validity(item),
        )
        for item in document("catalogue")["items"]
    }


@cache
def bodies() -> Mapping[str, CertificationBody]:
    """Certification bodies that have a number code, by that code."""
    items = document("certification_bodies")["items"]
    return {i["number_code"]: CertificationBody(i["number_code"], i["cnca_no"], i["name_zh"]) for i in items if i["number_code"]}
