"""Which bureau handles a case: the prefecture of the place of the act, or one below it to which the clue is assigned."""

from typing import NamedTuple

from shared.core.province import province


class Place(NamedTuple):
    """The city and county under whose jurisdiction a case lies."""

    city: str
    county: str


def reaches(org: str, office: str) -> bool:
    """Whether the bureau `office` is `org` itself or lies below it."""
    if org in (office, province().code):
        return True
    return office.startswith(org) and office not in province().special_units


def place(office: str, county: str) -> Place:
    """Where a case lies once `office` handles it; `county` is where it lay before."""
    if office in province().special_units:
        return Place(office, office)
    city = office[:4]
    if office == city:
        return Place(city, county if reaches(city, county) else city)
    return Place(city, office)
