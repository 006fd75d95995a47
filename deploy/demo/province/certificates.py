"""Certificates of the organisations: numbers, dates and parties that agree with each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.province import statuses
from deploy.demo.province.identifiers import certificate_number
from deploy.demo.province.organizations import line_of
from deploy.demo.province.picker import Picker
from deploy.demo.province.reference import bodies, products
from deploy.demo.province.shapes import Certificate, CertificationBody, Organization, Product

_FIRST_ISSUE = date(2015, 1, 5)
_PER_ORGANIZATION = {1: 16, 2: 20, 3: 19, 4: 15, 5: 10, 6: 7, 7: 5, 8: 3, 10: 3, 14: 2}
_FIRE, _VEHICLES = "18", "11"


@dataclass(frozen=True, slots=True)
class Parties:
    """Applicant, manufacturer and factory of a certificate (认证委托人, 生产者, 生产企业)."""

    applicant: Organization
    manufacturer: Organization
    factory: Organization


def issue(
    picker: Picker, seed: int, organizations: Sequence[Organization], others: Sequence[Organization], as_of: date
) -> Iterator[Certificate]:
    """Every organisation holds at least one certificate that is valid on `as_of` and to the end of that year."""
    number = 0
    for place, holder in enumerate(organizations):
        for turn in range(picker.weighted(_PER_ORGANIZATION, "certificates", place)):
            product = _product(picker, as_of, place, turn)
            parties = _parties(picker, holder, others, number)
            yield _certificate(picker, seed, number, as_of, turn > 0, product, holder, parties)
            number += 1


def _product(picker: Picker, as_of: date, place: int, turn: int) -> Product:
    own_line = turn == 0 or picker.chance(85, "own line", place, turn)
    line = line_of(picker, place) if own_line else "OTHER"
    return picker.one(products(as_of.year)[line], "product", place, turn)


def _parties(picker: Picker, holder: Organization, others: Sequence[Organization], number: int) -> Parties:
    """Mostly one company; else made for, or made by, a company of another province. The holder is the one inspected."""
    stranger = picker.one(others, "stranger", number)
    arrangements = {
        Parties(holder, holder, holder): 82,
        Parties(stranger, stranger, holder): 10,
        Parties(stranger, holder, holder): 4,
        Parties(holder, holder, stranger): 4,
    }
    return picker.weighted(arrangements, "parties", number)


def _certificate(
    picker: Picker,
    seed: int,
    number: int,
    as_of: date,
    may_end: bool,
    product: Product,
    holder: Organization,
    parties: Parties,
) -> Certificate:
    body = _body(picker, product, number)
    first = _first_issue(picker, product, number, as_of)
    edition, issued, expires = _validity(first, as_of)
    fate = statuses.fate_of(picker, number, issued, expires, as_of) if may_end else statuses.VALID
    return Certificate(
        number=certificate_number(first.year, body.number_code, product.code, number, seed),
        edition=f"{edition:02d}",
        status=fate.status,
        status_since=fate.since,
        reason=fate.reason,
        suspend_until=fate.until,
        first_issued_on=first,
        issued_on=issued,
        expires_on=fate.expires_on or expires,
        body=body,
        product=product,
        models=_models(picker, product, number),
        applicant=parties.applicant,
        manufacturer=parties.manufacturer,
        factory=parties.factory,
        holder=holder,
    )


def _body(picker: Picker, product: Product, number: int) -> CertificationBody:
    known = bodies()
    if product.code.startswith(_FIRE):
        return known["08"]
    return known["02" if product.code.startswith(_VEHICLES) and picker.chance(50, "body", number) else "01"]


def _first_issue(picker: Picker, product: Product, number: int, as_of: date) -> date:
    """Pick a day from the product's acceptance on; never one whose term runs out later in the year."""
    first = picker.day(max(product.acceptance_from, _FIRST_ISSUE), as_of - timedelta(days=1), "first issue", number)
    runs_out = any(as_of < _after(first, years) <= date(as_of.year, 12, 31) for years in (5, 10))
    return first + timedelta(days=180) if runs_out else first


def _validity(first: date, as_of: date) -> tuple[int, date, date]:
    """Edition, issue and expiry; renewed every five years, which keeps the number."""
    edition, issued = 0, first
    while _after(issued, 5) <= as_of:
        edition, issued = edition + 1, _after(issued, 5)
    return edition, issued, _after(issued, 5)


def _after(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _models(picker: Picker, product: Product, number: int) -> tuple[str, ...]:
    count = 1 + picker.below(4, "models", number)
    stem = f"{'ABCDEFGHJKLMNP'[picker.below(14, 'series', number)]}{product.code[:2]}"
    return tuple(f"{stem}-{100 + picker.below(80, 'model', number) * 10 + turn}" for turn in range(count))
