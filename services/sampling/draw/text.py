"""Identifiers and typed values: text that everyone writes with the same bytes (draw-protocol §1)."""

import re
import unicodedata
from typing import Any, Final

from services.sampling.draw.errors import InvalidValue

# Spelled out, because "white space" means different characters to different languages' trim functions.
_SPACE: Final = "\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNACCEPTABLE: Final = re.compile(f"[\u0000-\u001f\u007f-\u009f\ud800-\udfff]|^[{_SPACE}]|[{_SPACE}]$|^$")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})*")


def identifier(value: Any) -> str:
    """Give the text back if it is non-empty, NFC, without control characters and without white space at its ends.

    Raises:
        InvalidValue: it is not.
    """
    if not is_identifier(value):
        raise InvalidValue(f"{value!a} is empty, not NFC, or has control characters or white space at an end")
    return str(value)


def is_identifier(value: Any) -> bool:
    """Whether the value is text that `identifier` accepts."""
    if not isinstance(value, str):
        return False
    if value.isalnum() and value.isascii():
        return True
    return _UNACCEPTABLE.search(value) is None and unicodedata.is_normalized("NFC", value)


def is_hex(value: Any, length: int) -> bool:
    """Whether the value is lower-case hex of `length` bytes."""
    return isinstance(value, str) and len(value) == 2 * length and _HEX.fullmatch(value) is not None


def ascending(values: list[str]) -> bool:
    """Whether the texts rise strictly by code point, so that none stands twice."""
    return all(values[i - 1] < values[i] for i in range(1, len(values)))
