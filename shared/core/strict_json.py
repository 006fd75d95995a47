"""A JSON body read strictly: what two readers could understand differently is rejected."""

import json
import math
from typing import Any

from shared.core.errors import MalformedBody

MAX_DEPTH = 32
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ALLOWED_CONTROLS = frozenset("\n\r\t")


def parse(body: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        MalformedBody: not UTF-8, not JSON, a key twice, NaN or infinity, deeper than 32 levels, or text with NUL, control
            characters, lone surrogates or direction overrides.
    """
    try:
        value = json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, ValueError) as error:
        raise MalformedBody(str(error) if isinstance(error, json.JSONDecodeError) else None) from error
    _inspect(value, "", 0)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise MalformedBody(f"key {twice!a} occurs twice")
    return members


def _no_constant(name: str) -> None:
    raise MalformedBody(f"{name} is not JSON")


def _inspect(value: Any, pointer: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MalformedBody("nested too deeply", pointer=pointer)
    if isinstance(value, str):
        _inspect_text(value, pointer)
    elif isinstance(value, dict):
        for key, member in value.items():
            _inspect_text(key, pointer)
            _inspect(member, f"{pointer}/{key}", depth + 1)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _inspect(member, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise MalformedBody("a number is too large", pointer=pointer)


def _inspect_text(text: str, pointer: str) -> None:
    if text.isascii() and text.isprintable():
        return
    for character in text:
        control = (character < " " and character not in _ALLOWED_CONTROLS) or character == "\x7f"
        if control or "\ud800" <= character <= "\udfff" or character in _HIDDEN:
            raise MalformedBody(f"character U+{ord(character):04X} is not accepted", pointer=pointer)


def acceptable(text: str) -> bool:
    """Whether a text from elsewhere (a path, a query, a cell) holds none of the characters rejected above."""
    try:
        _inspect_text(text, "")
    except MalformedBody:
        return False
    return True
