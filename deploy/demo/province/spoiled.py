"""Thirty-seven rows that an import must refuse, each for a reason known beforehand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from deploy.demo.province.identifiers import certificate_number
from deploy.demo.province.rows import Row, certificate_row
from deploy.demo.province.shapes import Certificate, Province
from shared.core.province import province as installed

_FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_NUMBER, _USCC, _HOLDER = "certificate_no", "applicant_uscc", "applicant_name"
_V1, _V2 = ("V1",), ("V2", "NUMBER_YEAR_AFTER_ISSUE")
_WIDE = ("FULL_WIDTH_DIGITS", "V1", "USCC_INVALID")
_MISSING_NAME = ("HOLDER_NAME_MISSING", "REQUIRED_MISSING")
_TAKEN = ("DUPLICATE_IN_FILE", "HOLDER_CONFLICT")


@dataclass(frozen=True, slots=True)
class Spoil:
    """One mistake: the column, how its value becomes wrong, and the rules of which one must refuse it."""

    field: str
    change: Callable[[str], str]
    codes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A spoiled row with the rules of which one must refuse it."""

    row: Row
    field: str
    codes: tuple[str, ...]
    why: str


def _to(value: str) -> Callable[[str], str]:
    return lambda _: value


def _in_year(year: str) -> Callable[[str], str]:
    return lambda number: year + number[4:]


def _wrong_check(uscc: str) -> str:
    return uscc[:-1] + ("1" if uscc[-1] == "0" else "0")


def _each(field: str, codes: tuple[str, ...], why: str, *changes: Callable[[str], str]) -> list[Spoil]:
    return [Spoil(field, change, codes, why) for change in changes]


SPOILS = (
    *_each(_NUMBER, _V1, "wrong length", lambda n: n[:15], lambda n: n + "7", lambda n: n[:8]),
    *_each(_NUMBER, _V1, "letter in the number", lambda n: n[:10] + "O" + n[11:]),
    *_each(_NUMBER, _WIDE, "full-width digits", lambda n: n.translate(_FULL_WIDTH), lambda n: n[:15] + "\uff17"),
    *_each(_USCC, _WIDE, "full-width digits", lambda u: u.translate(_FULL_WIDTH)),
    *_each(_NUMBER, _V2, "impossible year", *map(_in_year, ("1999", "2001", "2031"))),
    *_each(
        "expires_on",
        ("EXPIRY_BEFORE_ISSUE",),
        "expiry before issue",
        *map(_to, ("2003-01-01", "2009-12-31", "2014-06-30")),
    ),
    *_each(_USCC, ("USCC_INVALID",), "wrong check character", _wrong_check, _wrong_check, _wrong_check),
    *_each(_USCC, ("USCC_INVALID",), "wrong length", lambda u: u[:17]),
    *_each(_USCC, ("USCC_INVALID",), "letter outside the alphabet", lambda u: u[:10] + "I" + u[11:]),
    *_each(_HOLDER, _MISSING_NAME, "no applicant", *map(_to, ("", "  ", "\u3000"))),
    *_each("issued_on", ("DATE_INVALID",), "no date", *map(_to, ("2023-02-30", "待定", "0000-00-00"))),
    *_each("expires_on", ("DATE_INVALID",), "no date", _to("长期")),
    *_each("issued_on", ("ISSUED_IN_FUTURE", "EXPIRY_BEFORE_ISSUE"), "issued after the import", _to("2099-03-01")),
    *_each("issued_on", ("NUMBER_YEAR_AFTER_ISSUE",), "issued before the year of its number", _to("2014-03-01")),
    *_each("product_name", ("CONTROL_CHARACTER",), "control character", lambda t: t + "\x00", lambda t: "\x01" + t),
    *_each("status", ("STATUS_UNKNOWN",), "unknown status", *map(_to, ("作废", "有效?"))),
    *_each("product_name", ("REQUIRED_MISSING",), "no product", _to("")),
    *_each("expires_on", ("REQUIRED_MISSING", "DATE_INVALID"), "no expiry date", _to("")),
    *_each("factory_region_code", ("DIVISION_UNKNOWN",), "division that does not exist", lambda _: f"{installed().code}9999"),
)
_DUPLICATES = 3


def bad_rows(province: Province) -> Iterator[BadRow]:
    """Every mistake on a certificate that the province does not hold; then numbers that another holder has."""
    usable = [c for c in province.certificates if c.status == "valid" and c.applicant is c.factory]
    for place, spoil in enumerate(SPOILS):
        row = certificate_row(_unknown(province, usable[place], place), province.as_of)
        row[spoil.field] = spoil.change(row[spoil.field])
        yield BadRow(row, spoil.field, spoil.codes, spoil.why)
    yield from (_duplicate(province, usable, place) for place in range(_DUPLICATES))


def _unknown(province: Province, model: Certificate, place: int) -> Certificate:
    """Copy a certificate under a number nobody else has."""
    year, index = model.first_issued_on.year, len(province.certificates) + place
    number = certificate_number(year, model.body.number_code, model.product.code, index, province.seed)
    return replace(model, number=number)


def _duplicate(province: Province, usable: list[Certificate], place: int) -> BadRow:
    original = usable[place]
    other = next(c for c in usable[::-1][place:] if c.holder is not original.holder).holder
    claimed = replace(original, applicant=other, manufacturer=other, factory=other, holder=other)
    return BadRow(certificate_row(claimed, province.as_of), _NUMBER, _TAKEN, "number of another holder")
