"""Inspectors, experts and the few conflicts they declared."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from deploy.demo.province.picker import Picker
from deploy.demo.province.reference import counties, local, words
from deploy.demo.province.shapes import Conflict, Expert, Inspector, Organization
from shared.vocabulary import RecusalReason

_EXPERTS = 60
_FEWEST_INSPECTORS, _FEWEST_IN_A_CITY = 320, 8
_ORGANIZATIONS_PER_INSPECTOR = 8
_CAP = 4
_GENERALISTS = 6
_CLASSES = ("01", "02", "03", "07", "08", "09", "10", "11", "12", "13", "18", "22", "23", "24")
_EXPERT_FIELDS = ("23", "23", "22", "18", "11", "01", "07", "09", "23", "24")
_ALL = ("*",)


def inspectors(picker: Picker, organizations: Sequence[Organization], year: int) -> tuple[Inspector, ...]:
    """Staff each prefecture-level unit by its share of organisations, half at the city, half in its counties."""
    total = max(_FEWEST_INSPECTORS, len(organizations) // _ORGANIZATIONS_PER_INSPECTOR)
    quotas = _quotas(Counter(organization.city for organization in organizations), total)
    people = [_inspector(picker, year, city, turn) for city, quota in quotas.items() for turn in range(quota)]
    return tuple(_with_troubles(people, year))


def experts(picker: Picker) -> tuple[Expert, ...]:
    """Sixty technical experts; explosion protection is the field asked for most."""
    return tuple(_expert(picker, index) for index in range(_EXPERTS))


def conflicts(
    picker: Picker, people: Sequence[Inspector], specialists: Sequence[Expert], organizations: Sequence[Organization]
) -> tuple[Conflict, ...]:
    """Twelve inspectors and three experts with one organisation each, the inspectors with one of their own city."""
    by_city: dict[str, list[Organization]] = {}
    for organization in organizations:
        by_city.setdefault(organization.city, []).append(organization)
    step = len(people) // 12
    declared = [(person.staff_no, by_city[person.city]) for person in people[3 * step // 4 :: step][:12]]
    declared += [(expert.expert_no, list(organizations)) for expert in specialists[5::20]]
    reasons = tuple(reason for reason in RecusalReason if reason is not RecusalReason.OBJECT_REQUEST)
    return tuple(Conflict(who, picker.one(at, "at", who).uscc, picker.one(reasons, "why", who)) for who, at in declared)


def _quotas(shares: Counter[str], total: int) -> dict[str, int]:
    """Each city its smallest number, the rest by largest remainder."""
    cities = tuple(local()["city_weights"])
    rest, organizations = total - _FEWEST_IN_A_CITY * len(cities), shares.total()
    quotas = {city: _FEWEST_IN_A_CITY + rest * shares[city] // organizations for city in cities}
    by_remainder = sorted(cities, key=lambda city: (-(rest * shares[city] % organizations), city))
    for city in by_remainder[: total - sum(quotas.values())]:
        quotas[city] += 1
    return quotas


def _inspector(picker: Picker, year: int, city: str, turn: int) -> Inspector:
    home = picker.one(counties()[city], "home", city, turn).code
    county = home if turn % 2 and home != city else None
    org = county or city
    return Inspector(
        staff_no=f"{local()['prefix']}{city.ljust(6, '0')}{turn + 1:04d}",
        name=_name(picker, city, turn),
        org=org,
        city=city,
        county=county,
        law_enforcement_no=f"{org.ljust(6, '0')}{10_000 + turn:05d}",
        certificate_from=date(year - 3, 7, 1),
        certificate_to=picker.day(date(year + 1, 3, 1), date(year + 2, 12, 31), "certificate", city, turn),
        fields=_fields(picker, city, turn),
        workload_cap=_CAP,
    )


def _fields(picker: Picker, city: str, turn: int) -> tuple[str, ...]:
    if turn < _GENERALISTS or picker.chance(45, "generalist", city, turn):
        return _ALL
    return tuple(item for item in _CLASSES if picker.chance(60, "field", city, turn, item)) or _ALL


def _with_troubles(people: Sequence[Inspector], year: int) -> Iterator[Inspector]:
    """Two on leave, two whose certificate has ended, one whose certificate ends during the campaign."""
    troubles: dict[int, dict[str, date]] = {
        20: {"leave_from": date(year, 8, 1), "leave_to": date(year, 12, 31)},
        95: {"leave_from": date(year, 9, 9), "leave_to": date(year, 10, 18)},
        150: {"certificate_to": date(year, 6, 30)},
        210: {"certificate_to": date(year, 7, 31)},
        260: {"certificate_to": date(year, 9, 15)},
    }
    for place, person in enumerate(people):
        yield replace(person, **troubles[place]) if place in troubles else person  # type: ignore[arg-type]


def _expert(picker: Picker, index: int) -> Expert:
    field = _EXPERT_FIELDS[index % len(_EXPERT_FIELDS)]
    second = picker.one(_CLASSES, "second field", index)
    return Expert(
        expert_no=f"{local()['prefix']}ZJ{index + 1:03d}",
        name=_name(picker, "expert", index),
        employer=local()["metrology_institute"] if index % 3 == 0 else f"第{index % 7 + 1}检验技术中心{words()['marker']}",
        title=picker.one(words()["expert_titles"], "title", index),
        fields=tuple(sorted({field, second})),
    )


def _name(picker: Picker, *label: object) -> str:
    return "".join(picker.one(words()[part], part, *label) for part in ("surnames", "given_1", "given_2"))
