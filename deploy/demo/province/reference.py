"""What the generator takes from the product's own data files, and its word lists."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from deploy.demo.province.shapes import CertificationBody, Product
from shared.core.province import province

_HERE = Path(__file__).parent
_REGISTRY = _HERE.parents[2] / "services" / "registry" / "data"


def _items(name: str) -> list[dict[str, Any]]:
    """Entries of a data file of the registry."""
    items: list[dict[str, Any]] = json.loads((_REGISTRY / f"{name}.json").read_text("utf-8"))["items"]
    return items


@dataclass(frozen=True, slots=True)
class Division:
    """A county in force, with the prefecture-level unit that acts there."""

    code: str
    city: str
    name: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of an import file: our field and its official Chinese heading."""

    field: str
    heading: str


@cache
def words() -> dict[str, Any]:
    """Word lists and weights of the generator."""
    content: dict[str, Any] = json.loads((_HERE / "words.json").read_text("utf-8"))
    return content


@cache
def local() -> dict[str, Any]:
    """Weights and words of the generator that belong to the installation's province."""
    content: dict[str, Any] = json.loads((_HERE / "provinces" / f"{province().code}.json").read_text("utf-8"))
    return content


@cache
def counties() -> dict[str, tuple[Division, ...]]:
    """Counties by prefecture-level unit, without retired and excluded codes."""
    names = {item["code"]: item["name_zh"] for item in province().divisions["items"]}
    found: dict[str, list[Division]] = {}
    for item in province().divisions["items"]:
        if item["level"] == "county" and not item["valid_to"] and not item.get("excluded"):
            city = names.get(item["city"], "") * (item["city"] != item["code"])
            name = city.removesuffix(item["name_zh"]) + item["name_zh"]
            found.setdefault(item["city"], []).append(Division(item["code"], item["city"], name))
    return {city: tuple(divisions) for city, divisions in found.items()}


@cache
def products(year: int) -> dict[str, tuple[Product, ...]]:
    """Catalogue lines that by the campaign of a year need a certificate, by priority group; the rest under OTHER."""
    found: dict[str, list[Product]] = {}
    for item in _items("catalogue"):
        acceptance = date.fromisoformat(item["acceptance_from"])
        if "certificate" in item["routes"] and acceptance <= date(year, 7, 1):
            line = item["priority_group"]
            product = Product(item["code"], item["name_zh"], item["rule"], tuple(item["standards"]), line, acceptance)
            found.setdefault(line or "OTHER", []).append(product)
    return {line: tuple(found[line]) for line in words()["line_weights"]}


def mandatory_from(code: str) -> date:
    """The day from which a product of the catalogue must be certified."""
    return next(date.fromisoformat(item["mandatory_from"]) for item in _items("catalogue") if item["code"] == code)


@cache
def bodies() -> dict[str, CertificationBody]:
    """Certification bodies whose number code is known: others would make numbers that nobody issues."""
    known = (item for item in _items("certification_bodies") if item["number_code"])
    return {i["number_code"]: CertificationBody(i["number_code"], i["cnca_no"] or "", i["name_zh"]) for i in known}


@cache
def headings(kind: str) -> tuple[Heading, ...]:
    """Official headings of an import file, in order."""
    return tuple(Heading(i["field"], i["heading"]) for i in _items("import_aliases") if i["kind"] == kind)


@cache
def labels(vocabulary: str) -> dict[str, str]:
    """Give the first Chinese word that the import accepts for each value of a vocabulary."""
    document = json.loads((_REGISTRY / "import_aliases.json").read_text("utf-8"))
    return {value: word for word, value in reversed(document["values"][vocabulary].items())}
