"""Synthetic but valid identifiers."""

from stdnum.cn import uscc

_ORGANISATION_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SCRAMBLE = 7919


def uscc_of(division: str, serial: int, kind: str = "91") -> str:
    """Make a USCC (GB 32100-2015) with valid check characters; `MA` opens the codes given since 2015."""
    body = f"MA{_base31(serial, 6)}"
    stem = f"{kind}{division}{body}{_organisation_check(body)}"
    return stem + uscc.calc_check_digit(stem)


def certificate_number(year: int, body: str, product: str, index: int, seed: int) -> str:
    """Sixteen digits; distinct for distinct indexes below one million."""
    return f"{year:04d}{body}{product}{(index * _SCRAMBLE + seed) % 1_000_000:06d}"


def _base31(value: int, length: int) -> str:
    text = ""
    for _ in range(length):
        value, digit = divmod(value, 31)
        text = _ORGANISATION_CODE[digit] + text
    return text


def _organisation_check(body: str) -> str:
    """Check character of GB 11714: 10 is X, 11 is 0."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))
