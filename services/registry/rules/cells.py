"""From the text of a cell to a value: strict, because what two readers could read differently is rejected."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from stdnum import exceptions
from stdnum.cn import uscc as uscc_number

from services.registry.rules.reference_data import divisions, document
from shared.core.province import province
from shared.core.strict_json import acceptable

_FULL_WIDTH_DIGITS = re.compile("[\uff10-\uff19]")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?: 00:00:00)?", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_COUNTY_DIGITS = 6
_SEPARATORS = re.compile("[、;；\n\r]+")


class CellError(Exception):
    """A cell breaks the rule with this code of certificate_rules.json."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(value: str) -> str:
    """Plain text; line breaks inside become spaces.

    Raises:
        CellError: CONTROL_CHARACTER.
    """
    return value if value.isprintable() else " ".join(_clean(value).split())


def listed(value: str) -> list[str]:
    """The entries of a list, in their order, without duplicates.

    Raises:
        CellError: CONTROL_CHARACTER.
    """
    entries = (entry.strip() for entry in _SEPARATORS.split(_clean(value)))
    return list(dict.fromkeys(entry for entry in entries if entry))


def day(value: str) -> date:
    """A calendar day in one of the accepted forms.

    Raises:
        CellError: DATE_INVALID, FULL_WIDTH_DIGITS or CONTROL_CHARACTER.
    """
    match = _DAY.fullmatch(_ascii_digits(value))
    if match is None:
        raise CellError("DATE_INVALID")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise CellError("DATE_INVALID") from error


def digits(value: str) -> str:
    """ASCII digits and nothing else.

    Raises:
        CellError: DIGITS_INVALID, FULL_WIDTH_DIGITS or CONTROL_CHARACTER.
    """
    if not _DIGITS.fullmatch(_ascii_digits(value)):
        raise CellError("DIGITS_INVALID")
    return value


def year(value: str) -> int:
    """A year of four digits, 1900 to 2099.

    Raises:
        CellError: DATE_INVALID, FULL_WIDTH_DIGITS or CONTROL_CHARACTER.
    """
    if not _YEAR.fullmatch(_ascii_digits(value)):
        raise CellError("DATE_INVALID")
    return int(value)


def certificate_no(value: str) -> str:
    """The number as written, checked by the rules of its route later; full-width brackets read as ASCII.

    Raises:
        CellError: FULL_WIDTH_DIGITS or CONTROL_CHARACTER.
    """
    return text(_ascii_digits(value)).replace("（", "(").replace("）", ")")


@lru_cache(maxsize=10_000)
def uscc(value: str) -> str:
    """A unified social credit code (统一社会信用代码) with a valid check character (GB 32100-2015).

    Raises:
        CellError: USCC_INVALID, FULL_WIDTH_DIGITS or CONTROL_CHARACTER.
    """
    try:
        compact: str = uscc_number.validate(_ascii_digits(value))
    except exceptions.ValidationError as error:
        raise CellError("USCC_INVALID") from error
    if compact != value:
        raise CellError("USCC_INVALID")
    return compact


def division(value: str) -> str:
    """Six digits; a code of this province must be in divisions.json, those of others stay as written.

    Raises:
        CellError: DIVISION_UNKNOWN, FULL_WIDTH_DIGITS or CONTROL_CHARACTER.
    """
    code = _ascii_digits(value)
    unknown = code.startswith(province().code) and code not in divisions()
    if len(code) != _COUNTY_DIGITS or not _DIGITS.fullmatch(code) or unknown:
        raise CellError("DIVISION_UNKNOWN")
    return code


def parser(kind: str) -> Callable[[str], Any]:
    """The parser of a column type of import_aliases.json; it raises CellError.

    Raises:
        KeyError: there is no such type.
    """
    if kind.startswith("enum:"):
        return _enum_parser(kind.removeprefix("enum:"))
    parsers: dict[str, Callable[[str], Any]] = {
        "text": text,
        "list": listed,
        "date": day,
        "digits": digits,
        "year": year,
        "uscc": uscc,
        "division": division,
        "certificate_no": certificate_no,
    }
    return parsers[kind]


def _enum_parser(vocabulary: str) -> Callable[[str], str]:
    values: dict[str, str] = document("import_aliases")["values"][vocabulary]
    accepted = values | {value: value for value in values.values()}
    error_code = "STATUS_UNKNOWN" if vocabulary == "certificate_status" else "WORD_UNKNOWN"

    def parse(value: str) -> str:
        if value not in accepted:
            raise CellError(error_code)
        return accepted[value]

    return parse


def _clean(value: str) -> str:
    if not acceptable(value):
        raise CellError("CONTROL_CHARACTER")
    return value


def _ascii_digits(value: str) -> str:
    if not value.isascii() and _FULL_WIDTH_DIGITS.search(value):
        raise CellError("FULL_WIDTH_DIGITS")
    return _clean(value) if not value.isprintable() else value
