"""Canonical JSON (RFC 8785) of documents whose numbers are integers, and the hashes taken of it.

Two parties that hold the same values hash the same bytes. Floats are rejected: their text is where languages
differ.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, Self

from cryptography.hazmat.primitives import hashes

MAX_INTEGER: Final = 2**53 - 1
SHA_256: Final = "sha-256"
SM3: Final = "sm3"
HASHES: Final = (SHA_256, SM3)

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class NotCanonicalError(ValueError):
    """The value has no canonical form here: a float, an integer of 2^53 or more, a lone surrogate, a foreign type."""


class UnknownHashError(ValueError):
    """The name is neither `sha-256` nor `sm3`."""


class Hash(Protocol):
    """A running hash, as `hashlib` gives it."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def copy(self) -> Self:
        """Another running hash that has seen the same bytes."""

    def digest(self) -> bytes:
        """Give the 32 bytes of the hash so far."""


def canonical(value: Any) -> bytes:
    """RFC 8785 text of a value made of dict, list, tuple, str, int, bool and None, in UTF-8.

    Raises:
        NotCanonicalError: the value, or a part of it, has no canonical form.
    """
    try:
        return _encode(_ordered(value)).encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError("text with a lone surrogate") from error


def _ordered(value: Any) -> Any:
    # By exact type first: a frame of a million units passes here, and subclasses are the exception.
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if isinstance(value, int):
        return _bounded(value)
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in _in_order(value)}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return str(value) if isinstance(value, str) else [_ordered(member) for member in value]
    raise NotCanonicalError(f"{kind.__name__} is not accepted")


def _bounded(number: int) -> int:
    if abs(number) > MAX_INTEGER:
        raise NotCanonicalError("an integer of 2^53 or more")
    return int(number)


def _in_order(keys: Iterable[Any]) -> list[str]:
    """RFC 8785 orders keys by UTF-16 code unit; for ASCII, nearly all of ours, that is the order of the text itself."""
    try:
        return sorted(keys, key=None if "".join(keys).isascii() else _utf_16)
    except TypeError as error:
        raise NotCanonicalError("a key that is not text") from error


def _utf_16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


class _Sm3:
    """SM3 of `cryptography` with the methods of `hashlib`, for Pythons whose OpenSSL was built without it."""

    def __init__(self, state: hashes.Hash | None = None) -> None:
        self._state = state or hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._state.update(data)

    def copy(self) -> "_Sm3":
        return _Sm3(self._state.copy())

    def digest(self) -> bytes:
        return self._state.copy().finalize()


def _fastest_sm3() -> Callable[[], Hash]:
    return (lambda: hashlib.new("sm3")) if "sm3" in hashlib.algorithms_available else _Sm3


_new: Final[Mapping[str, Callable[[], Hash]]] = {SHA_256: hashlib.sha256, SM3: _fastest_sm3()}


def hasher(name: str, data: bytes = b"") -> Hash:
    """Give a running hash `sha-256` or `sm3` that has taken in `data`.

    Raises:
        UnknownHashError: any other name.
    """
    if name not in _new:
        raise UnknownHashError(name)
    running = _new[name]()
    running.update(data)
    return running


def digest(name: str, data: bytes) -> bytes:
    """Give the 32 bytes of `sha-256` or `sm3` over `data`."""
    return hasher(name, data).digest()


def hexdigest(name: str, data: bytes) -> str:
    """Give the same in lower-case hex, as digests stand in documents."""
    return digest(name, data).hex()


def fingerprint(name: str, value: Any) -> str:
    """Lower-case hex digest of the canonical text of a value."""
    return hexdigest(name, canonical(value))
