"""Reference data as valid on a day."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from services.registry.errors import BodyNotFound, CatalogueItemNotFound, DivisionNotFound
from services.registry.rules.catalogue import obligation
from services.registry.rules.reference_data import bodies, catalogue, current_division, divisions, document, validity
from services.registry.schemas.reference import BodyOut, CatalogueItemOut, DivisionOut, ReferenceList


def entries(name: str, day: date, equal: Mapping[str, str]) -> ReferenceList:
    """The entries of a data file that are valid on `day` and have these values."""
    content = document(name)
    items = [
        item
        for item in content["items"]
        if validity(item).on(day) and all(item.get(key) == value for key, value in equal.items())
    ]
    head = {key: content[key] for key in ("title_zh", "title_en", "version", "source")}
    return ReferenceList(items=items, **head)


def division(code: str, day: date) -> DivisionOut:
    """A division code and what it means on `day`.

    Raises:
        DivisionNotFound: no such code, retired ones included.
    """
    entry, current = divisions().get(code), current_division(code, day)
    if entry is None or current is None:
        raise DivisionNotFound
    values = asdict(entry) | asdict(entry.validity)
    return DivisionOut(**values, on=day, current=current.code, current_name_zh=current.name_zh)


def body(number_code: str) -> BodyOut:
    """A certification body.

    Raises:
        BodyNotFound: no designated body has this code.
    """
    certification_body = bodies().get(number_code)
    if certification_body is None:
        raise BodyNotFound
    return BodyOut(**asdict(certification_body))


def catalogue_item(code: str, day: date) -> CatalogueItemOut:
    """A product of the catalogue with its obligation on `day`.

    Raises:
        CatalogueItemNotFound: the catalogue has never contained it.
    """
    item = catalogue().get(code)
    if item is None:
        raise CatalogueItemNotFound
    return CatalogueItemOut(**asdict(item), **asdict(obligation(code, day)), on=day)
