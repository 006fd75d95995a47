"""Companies of the province and a few outside it."""

from collections.abc import Sequence

from deploy.demo.province.identifiers import uscc_of
from deploy.demo.province.picker import Picker
from deploy.demo.province.reference import Division, counties, local, words
from deploy.demo.province.shapes import Organization
from shared.vocabulary import ObjectKind

_BRANDS = tuple(words()[f"brand_{place}"] for place in (1, 2, 3))
_FIRST_OUTSIDE = 900_000
_FIRST_SELLER = 950_000


def line_of(picker: Picker, index: int) -> str:
    """Return the product line of an organisation; the first ones cover every line once."""
    weights: dict[str, int] = words()["line_weights"]
    return tuple(weights)[index] if index < len(weights) else picker.weighted(weights, "line", index)


def certified(picker: Picker, scale: int) -> tuple[Organization, ...]:
    """`scale` certified organisations over the prefecture-level units, each of them present."""
    return tuple(_certified(picker, index) for index in range(scale))


def outside(picker: Picker) -> tuple[Organization, ...]:
    """Applicants and factories of other provinces."""
    return tuple(_outside(picker, index, place) for index, place in enumerate(local()["outside"] * 4))


def sellers(picker: Picker, count: int) -> tuple[Organization, ...]:
    """Shops that hold no certificate."""
    return tuple(_seller(picker, _FIRST_SELLER + index) for index in range(count))


def _certified(picker: Picker, index: int) -> Organization:
    division = _division(picker, index)
    word = words()["line_words"][line_of(picker, index)]
    return _organization(picker, index, division, f"{_brand(index)}{word}有限公司")


def _seller(picker: Picker, index: int) -> Organization:
    division = _division(picker, index)
    return _organization(picker, index, division, f"{_brand(index)}商贸有限公司", ObjectKind.SELLER)


def _outside(picker: Picker, index: int, place: Sequence[str]) -> Organization:
    number = _FIRST_OUTSIDE + index
    return _organization(picker, number, Division(place[0], "", place[1]), f"{_brand(number)}实业有限公司")


def _organization(
    picker: Picker, index: int, division: Division, name: str, kind: ObjectKind = ObjectKind.CERTIFIED_ORG
) -> Organization:
    road = picker.one(words()["roads"], "road", index)
    address = f"{division.name}{road}{picker.below(400, 'house', index) + 1}号"
    place = division.name.split("市")[0].removesuffix("县")
    full_name = f"{place}{name}{words()['marker']}"
    return Organization(uscc_of(division.code, index), full_name, division.code, division.city, address, kind)


def _division(picker: Picker, index: int) -> Division:
    weights = local()["city_weights"]
    cities = tuple(weights)
    city = cities[index] if index < len(cities) else picker.weighted(weights, "city", index)
    return picker.one(counties()[city], "county", index)


def _brand(index: int) -> str:
    """Three characters, distinct for the first ten thousand indexes: the step shares no factor with the table."""
    first, second, third = _BRANDS
    place = index * 4999 % (len(first) * len(second) * len(third))
    place, one = divmod(place, len(first))
    three, two = divmod(place, len(second))
    return f"{first[one]}{second[two]}{third[three]}"
