"""From the text of a cell to a value: strict, because what two readers could read differently is refused."""

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


class CellFault(Exception):
    """A cell breaks the rule with this code of certificate_rules.json."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(value: str) -> str:
    """Plain text; line breaks inside become spaces."""
    return value if value.isprintable() else " ".join(_clean(value).split())


def listed(value: str) -> list[str]:
    """The entries of a list, in their order, each once."""
    entries = (entry.strip() for entry in _SEPARATORS.split(_clean(value)))
    return list(dict.fromkeys(entry for entry in entries if entry))


def day(value: str) -> date:
    """A calendar day in one of the accepted forms."""
    found = _DAY.fullmatch(_ascii_digits(value))
    if found is None:
        raise CellFault("DATE_INVALID")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise CellFault("DATE_INVALID") from error


def digits(value: str) -> str:
    """ASCII digits and nothing else."""
    if not _DIGITS.fullmatch(_ascii_digits(value)):
        raise CellFault("DIGITS_INVALID")
    return value


def year(value: str) -> int:
    """A year of four digits."""
    if not _YEAR.fullmatch(_ascii_digits(value)):
        raise CellFault("DATE_INVALID")
    return int(value)


def certificate_no(value: str) -> str:
    """The number as written, checked by the rules of its route later; full-width brackets read as ASCII."""
    return text(_ascii_digits(value)).replace("（", "(").replace("）", ")")


@lru_cache(maxsize=10_000)
def uscc(value: str) -> str:
    """A unified social credit code (统一社会信用代码) with a valid check character (GB 32100-2015)."""
    try:
        compact: str = uscc_number.validate(_ascii_digits(value))
    except exceptions.ValidationError as error:
        raise CellFault("USCC_INVALID") from error
    if compact != value:
        raise CellFault("USCC_INVALID")
    return compact


def division(value: str) -> str:
    """Six digits; a code of this province must be known, those of others are kept as given."""
    code = _ascii_digits(value)
    unknown = code.startswith(province().code) and code not in divisions()
    if len(code) != _COUNTY_DIGITS or not _DIGITS.fullmatch(code) or unknown:
        raise CellFault("DIVISION_UNKNOWN")
    return code


def parser(kind: str) -> Callable[[str], Any]:
    """The reader of a column type of import_aliases.json."""
    if kind.startswith("enum:"):
        return _word(kind.removeprefix("enum:"))
    readers: dict[str, Callable[[str], Any]] = {
        "text": text,
        "list": listed,
        "date": day,
        "digits": digits,
        "year": year,
        "uscc": uscc,
        "division": division,
        "certificate_no": certificate_no,
    }
    return readers[kind]


def _word(vocabulary: str) -> Callable[[str], str]:
    words: dict[str, str] = document("import_aliases")["values"][vocabulary]
    known = words | {value: value for value in words.values()}
    unknown = "STATUS_UNKNOWN" if vocabulary == "certificate_status" else "WORD_UNKNOWN"

    def read(value: str) -> str:
        if value not in known:
            raise CellFault(unknown)
        return known[value]

    return read


def _clean(value: str) -> str:
    if not acceptable(value):
        raise CellFault("CONTROL_CHARACTER")
    return value


def _ascii_digits(value: str) -> str:
    if not value.isascii() and _FULL_WIDTH_DIGITS.search(value):
        raise CellFault("FULL_WIDTH_DIGITS")
    return _clean(value) if not value.isprintable() else value
