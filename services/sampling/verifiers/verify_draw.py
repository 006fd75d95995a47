#!/usr/bin/env python3
"""Check a draw made under the protocol ``ccc-draw/1`` from its published files alone, offline.

    python3 verify_draw.py transcript.json [--ledger ledger.json] [--key HEX] [--json] [--lang zh|en]
    python3 verify_draw.py ledger.json [--ledger earlier-head.json]

Needs Python 3.8 or later and nothing else; opens no network connection and no file but those named.
Exit status: 0 everything present holds (what was absent is named), 1 something does not hold
(the first such thing is named with its step), 2 the file cannot be read as a transcript.

Sources: RFC 8785 (canonical JSON), RFC 6962 (Merkle tree), RFC 8032 (Ed25519), GB/T 32905 (SM3),
GB/T 32918 (SM2). This file shares no code with the service that made the draw.
"""

# ruff: noqa: UP006, UP017, UP035, UP045, B905, RUF007, PTH123  # Python 3.8 lacks the newer forms
# ruff: noqa: PLR2004, E501  # lengths of keys and words of the standards; sentences in two languages beside each other
# ruff: noqa: TRY301  # what is refused is no error of the program; docstrings say what is true

from __future__ import annotations

import argparse
import gc
import hashlib
import heapq
import itertools
import json
import os
import re
import sys
import unicodedata
from collections import Counter
from datetime import datetime, timezone
from operator import itemgetter, methodcaller
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

PROTOCOL = "ccc-draw/1"
MAX_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
MAX_TICKETS = 20_000_000

Json = Dict[str, Any]
Hash = Callable[[bytes], bytes]


class Unreadable(Exception):
    """The file is not a transcript that this verifier is willing to interpret."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Broken(Exception):
    """Something in the file contradicts something else in it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


# ---------------------------------------------------------------- strict JSON


def _object(pairs: List[Tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"同一对象中键重复：{twice[:80]!r}", f"duplicate key {twice[:80]!r} in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) < 16 and digits != "-0":
        return int(digits)
    if len(digits) > 17 or digits == "-0" or abs(int(digits)) > MAX_INTEGER:
        raise Unreadable(f"整数超出范围（2^53 以内）：{digits[:24]}", f"integer not below 2^53: {digits[:24]}")
    return int(digits)


def _no_float(digits: str) -> Any:
    raise Unreadable(f"不允许小数或指数：{digits[:24]}", f"floating point number refused: {digits[:24]}")


def _too_deep(value: Any) -> bool:
    objects, lists = _containers([value])
    for _ in range(MAX_DEPTH + 1):
        inner = itertools.chain(itertools.chain.from_iterable(map(dict.values, objects)), itertools.chain.from_iterable(lists))
        objects, lists = _containers(inner)
    return bool(objects or lists)


def _containers(values: Iterable[Any]) -> Tuple[List[Any], List[Any]]:
    found = [value for value in values if type(value) is dict or type(value) is list]
    return [value for value in found if type(value) is dict], [value for value in found if type(value) is list]


def _half_characters(value: Any) -> bool:
    """Whether a name or a string holds a lone surrogate, which JSON libraries let through."""
    open_ = [value]
    while open_:
        inner = open_.pop()
        if type(inner) is str and not inner.isascii() and any("\ud800" <= char <= "\udfff" for char in inner):
            return True
        if type(inner) is dict:
            open_ += [*inner.keys(), *inner.values()]
        elif type(inner) is list:
            open_ += inner
    return False


def read_json(raw: bytes) -> Any:
    """The value of a strict JSON text: UTF-8, unique keys, integers below 2^53, bounded size and depth."""
    if len(raw) > MAX_BYTES:
        raise Unreadable("文件超过 256 MiB", "file larger than 256 MiB")
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_float=_no_float, parse_constant=_no_float)
    except UnicodeDecodeError as error:
        raise Unreadable(f"不是 UTF-8 文本（第 {error.start} 字节）", f"not UTF-8 (byte {error.start})") from error
    except RecursionError as error:
        raise Unreadable(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise Unreadable(f"不是 JSON：{error}", f"not JSON: {error}") from error
    if _too_deep(value):
        raise Unreadable(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
    if "\\u" in text and _half_characters(value):
        raise Unreadable("字符串含有不完整的字符（孤立代理项）", "lone surrogate in a string")
    return value


# ---------------------------------------------------------------- canonical JSON (RFC 8785)

_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
_quote: Callable[[str], str] = json.encoder.encode_basestring


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _canonical(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=_utf16)
        return "{" + ",".join(_quote(name) + ":" + _canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return _PLAIN.encode(value)


def canonical(value: Any) -> bytes:
    """RFC 8785 form; keys in order of their UTF-16 code units, which differs from code points beyond U+FFFF."""
    return _canonical(value).encode("utf-8")


def unit_canonical(unit: Json) -> bytes:
    """Canonical form of one frame unit whose keys and types were checked."""
    items = ",".join(map(_quote, unit["items"]))
    return (
        f'{{"items":[{items}],"salt":"{unit["salt"]}","stratum":{_quote(unit["stratum"])},'
        f'"unit_id":{_quote(unit["unit_id"])},"weight":{unit["weight"]}}}'
    ).encode()


# ---------------------------------------------------------------- SM3 (GB/T 32905-2016)

_WORD = 0xFFFFFFFF
_SM3_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def _rotl(word: int, count: int) -> int:
    count %= 32
    return ((word << count) | (word >> (32 - count))) & _WORD


_SM3_T = tuple(_rotl(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def _sm3_block(state: Tuple[int, ...], block: bytes) -> Tuple[int, ...]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _rotl(w[j - 3], 15)
        w.append(x ^ _rotl(x, 15) ^ _rotl(x, 23) ^ _rotl(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = _rotl(a, 12)
        ss1 = _rotl((a12 + e + _SM3_T[j]) & _WORD, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + w[j]) & _WORD
        a, b, c, d = tt1, a, _rotl(b, 9), c
        e, f, g, h = tt2 ^ _rotl(tt2, 9) ^ _rotl(tt2, 17), e, _rotl(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h)))


def sm3_pure(data: bytes) -> bytes:
    """SM3 for a Python whose hashlib was built without it."""
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    state: Tuple[int, ...] = _SM3_START
    for start in range(0, len(padded), 64):
        state = _sm3_block(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_native(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sm3_function() -> Hash:
    """The platform's SM3 where it has one that is right, else ours."""
    try:
        return _sm3_native if _sm3_native(b"abc") == sm3_pure(b"abc") else sm3_pure
    except ValueError:
        return sm3_pure


def hash_each(hash_: Hash, texts: Iterable[bytes]) -> List[bytes]:
    """The digests of many texts, without a call of our own for each of a million units."""
    if hash_ is _sha256:
        return list(map(methodcaller("digest"), map(hashlib.sha256, texts)))
    return list(map(hash_, texts))


def hash_named(name: Any) -> Hash:
    """The hash function that a document's ``hash`` field names."""
    if name == "sha-256":
        return _sha256
    if name == "sm3":
        return sm3_function()
    raise Unreadable("未知的哈希算法（只认 sha-256 与 sm3）", "unknown hash (only sha-256 and sm3 are known)")


# ---------------------------------------------------------------- Merkle tree (RFC 6962)


def merkle_root(leaves: Sequence[bytes], hash_: Hash) -> bytes:
    """Root over leaf hashes; an odd last node rises unchanged, which is RFC 6962's split at a power of two."""
    level = list(leaves)
    if not level:
        return hash_(b"")
    while len(level) > 1:
        above = hash_each(hash_, map(b"\x01".__add__, map(bytes.__add__, level[::2], level[1::2])))
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def merkle_path_root(leaf: bytes, index: int, size: int, path: Sequence[bytes], hash_: Hash) -> Optional[bytes]:
    """Root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None if its length does not fit the tree."""
    node, last, rest = index, size - 1, list(path)
    found = leaf
    while last > 0:
        if node % 2 or node != last:
            if not rest:
                return None
            sibling = rest.pop(0)
            found = hash_(b"\x01" + (sibling + found if node % 2 else found + sibling))
        node, last = node // 2, last // 2
    return None if rest else found


# ---------------------------------------------------------------- Ed25519 (RFC 8032)

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = Tuple[int, int, int, int]


def _ed_add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _ed_times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _ed_add(total, point)
        point, scalar = _ed_add(point, point), scalar >> 1
    return total


def _ed_point(raw: bytes) -> Optional[Point]:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _ed_bytes(point: Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_ED_BASE = _ed_point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def ed25519_valid(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032 section 5.1.7, without cofactor, scalars in range."""
    point, scalar = _ed_point(key), int.from_bytes(signature[32:], "little")
    if point is None or _ED_BASE is None or len(signature) != 64 or scalar >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    minus: Point = (_P - point[0], point[1], 1, _P - point[3])
    return _ed_bytes(_ed_add(_ed_times(scalar, _ED_BASE), _ed_times(challenge, minus))) == signature[:32]


# ---------------------------------------------------------------- SM2 (GB/T 32918.2, curve of GB/T 32918.5)

_SP = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_SB = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_SN = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_SG = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_SM2_ID = b"1234567812345678"
Affine = Optional[Tuple[int, int]]


def _sm2_add(p: Affine, q: Affine) -> Affine:
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0]:
        if (p[1] + q[1]) % _SP == 0:
            return None
        slope = 3 * (p[0] * p[0] - 1) * pow(2 * p[1], _SP - 2, _SP)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], _SP - 2, _SP)
    x = (slope * slope - p[0] - q[0]) % _SP
    return x, (slope * (p[0] - x) - p[1]) % _SP


def _sm2_times(scalar: int, point: Affine) -> Affine:
    total: Affine = None
    while scalar:
        if scalar & 1:
            total = _sm2_add(total, point)
        point, scalar = _sm2_add(point, point), scalar >> 1
    return total


def _sm2_point(key: bytes) -> Affine:
    raw = key[1:] if len(key) == 65 and key[0] == 4 else key
    x, y = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    on_curve = len(raw) == 64 and x < _SP and y < _SP and (y * y - (x * x * x - 3 * x + _SB)) % _SP == 0
    return (x, y) if on_curve else None


def sm2_valid(key: bytes, message: bytes, signature: bytes, identity: bytes = _SM2_ID) -> bool:
    """GB/T 32918.2 section 7; ``signature`` is r followed by s, ``key`` the point with or without its 04."""
    point = _sm2_point(key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or len(signature) != 64 or not (0 < r < _SN and 0 < s < _SN) or (r + s) % _SN == 0:
        return False
    sm3 = sm3_function()
    curve = b"".join(n.to_bytes(32, "big") for n in (_SP - 3, _SB, *_SG, *point))
    za = sm3((8 * len(identity)).to_bytes(2, "big") + identity + curve)
    e = int.from_bytes(sm3(za + message), "big")
    found = _sm2_add(_sm2_times(s, _SG), _sm2_times((r + s) % _SN, point))
    return found is not None and (e + found[0]) % _SN == r


# ---------------------------------------------------------------- words

Text = Tuple[str, str]


class Finding(NamedTuple):
    """What one step recomputed, what it compared that with, and whether it could be done at all."""

    recomputed: Text
    compared: Text = ("", "")
    checked: bool = True


def unchecked(zh: str, en: str) -> Finding:
    """A step that the file gives no means to carry out."""
    return Finding((zh, en), checked=False)


HEX = re.compile(r"[0-9a-f]+")
HEX64 = re.compile(r"[0-9a-f]{64}")
HEX32 = re.compile(r"[0-9a-f]{32}")
INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f]|^[ \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[ \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$"
)
MAX_WEIGHT = 1000


def is_text(value: Any) -> bool:
    """A string that says something."""
    return type(value) is str and value != ""


def is_identifier(value: Any) -> bool:
    """Not empty, NFC, no control character (U+0000 separates the fields of a ticket), no white space at either end."""
    return is_text(value) and not _UNFIT.search(value) and unicodedata.normalize("NFC", value) == value


def is_count(value: Any) -> bool:
    """An integer from 0."""
    return type(value) is int and value >= 0


def is_positive(value: Any) -> bool:
    """An integer from 1."""
    return type(value) is int and value > 0


def is_digest(value: Any) -> bool:
    """64 lower-case hexadecimal digits."""
    return type(value) is str and HEX64.fullmatch(value) is not None


def is_list(value: Any) -> bool:
    """A JSON array."""
    return type(value) is list


def is_filled(value: Any) -> bool:
    """A JSON array that is not empty."""
    return type(value) is list and value != []


def is_key(value: Any) -> bool:
    """Lower-case hexadecimal digits, two a byte."""
    return type(value) is str and len(value) % 2 == 0 and HEX.fullmatch(value) is not None


def is_object(value: Any) -> bool:
    """A JSON object."""
    return type(value) is dict


def instant(value: Any) -> Optional[datetime]:
    """The UTC instant of an RFC 3339 text with offset; None if it is not one."""
    match = INSTANT.fullmatch(value) if type(value) is str else None
    if match is None:
        return None
    zone = "+00:00" if match[3] == "Z" else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}.{(match[2] or '0'):0<6}{zone}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def is_instant(value: Any) -> bool:
    """An RFC 3339 instant with offset."""
    return instant(value) is not None


def or_null(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """The same, or null."""
    return lambda value: value is None or check(value)


def constant(*allowed: Any) -> Callable[[Any], bool]:
    """One of a few strings."""
    return lambda value: type(value) is str and value in allowed


Shape = Dict[str, Callable[[Any], bool]]


def shape(value: Any, where: str, required: Shape, optional: Optional[Shape] = None) -> None:
    """Refuse an object with a field missing, unknown or of the wrong form."""
    if type(value) is not dict:
        raise Broken(f"{where} 应为对象", f"{where} should be an object")
    known = {**required, **(optional or {})}
    for name in sorted(set(required) - set(value)):
        raise Broken(f"{where} 缺少字段 {name}", f"{where} lacks the field {name}")
    for name in sorted(value):
        if name not in known:
            raise Broken(f"{where} 有协议之外的字段 {name[:60]!r}", f"{where} has an unknown field {name[:60]!r}")
        if not known[name](value[name]):
            raise Broken(f"{where}.{name} 的形式不符合协议", f"{where}.{name} is not of the form the protocol asks")


def same(found: Any, stated: Any, zh: str, en: str) -> None:
    """Refuse a stated value that differs from the recomputed one."""
    if type(found) is not type(stated) or canonical(found) != canonical(stated):
        f, s = (canonical(value).decode()[:160] for value in (found, stated))
        raise Broken(f"{zh}：重新计算得 {f}，文件所载为 {s}", f"{en}: recomputed {f}, the file states {s}")


def ascending(names: Sequence[str], zh: str, en: str) -> None:
    """Refuse names that are not strictly ascending by code point."""
    for before, after in zip(names, names[1:]):
        if before >= after:
            raise Broken(f"{zh}：{after!r} 未按升序或重复", f"{en}: {after!r} is out of order or repeated")


# ---------------------------------------------------------------- the draw

COMMITMENT: Shape = {
    "attempt": is_positive,
    "campaign": is_identifier,
    "draw_id": is_identifier,
    "entropy_plan": is_filled,
    "frame_root": is_digest,
    "frame_size": is_positive,
    "hash": constant("sha-256", "sm3"),
    "kind": constant("object", "inspector"),
    "parameters": is_object,
    "previous": or_null(is_digest),
    "protocol": constant(PROTOCOL),
    "sealed_at": is_instant,
    "sealed_by": is_text,
    "supersedes": or_null(is_digest),
}
UNIT: Shape = {
    "items": is_list,
    "salt": lambda value: type(value) is str and HEX32.fullmatch(value) is not None,
    "stratum": is_identifier,
    "unit_id": is_identifier,
    "weight": lambda value: is_positive(value) and value <= MAX_WEIGHT,
}
UNIT_ORDER = ("items", "salt", "stratum", "unit_id", "weight")
UNIT_PARTS = itemgetter(*UNIT_ORDER)
_WORD_OF_UNIT = r'"[!#-\[\]-~]+"'
PLAIN_UNIT = re.compile(
    rf'{{"items":\[{_WORD_OF_UNIT}\],"salt":"[0-9a-f]{{32}}","stratum":{_WORD_OF_UNIT},'
    rf'"unit_id":{_WORD_OF_UNIT},"weight":(?:[1-9][0-9]{{0,2}}|1000)}}'
)


class Draw:
    """One document under examination: what it states, and what has been recomputed from it so far.

    ``view`` is ``frame`` for a full transcript, ``leaves`` for a redacted one, ``membership`` for one unit's proof.
    """

    def __init__(self, document: Json, ledger: Any = None, key: Optional[bytes] = None) -> None:
        self.document, self.outside, self.expected_key = document, ledger, key
        self.commitment: Json = document["commitment"]
        self.parameters: Json = {}
        self.hash: Hash = _sha256
        self.digest = self.seed = b""
        self.leaves: List[bytes] = []
        self.drawn: Tuple[List[Json], List[Json]] = ([], [])
        self.tickets: Dict[str, List[Tuple[bytes, str, int]]] = {}
        self.views = [view for view in ("frame", "leaves", "membership") if view in document]
        self.view = self.views[0] if self.views else ""

    @property
    def kind(self) -> str:
        """``object`` or ``inspector``."""
        return str(self.commitment.get("kind"))

    @property
    def opened(self) -> bool:
        """Whether the document goes beyond the seal: false for a redacted transcript before the embargo."""
        return self.view != "leaves" or any(name in self.document for name in REVEALED)

    @property
    def units(self) -> List[Json]:
        """The units that the document shows: all, those revealed, or one."""
        if self.view == "frame":
            return list(self.document["frame"])
        if self.view == "membership":
            return [self.document["membership"]["unit"]]
        return [entry["unit"] for entry in self.document.get("revealed", [])]


# ---- form

HEAD: Shape = {"commitment": is_object, "commitment_digest": is_digest}
OPENED: Shape = {"contributions": is_list, "seed": is_digest}
REVEALED: Shape = {**OPENED, "result": is_object, "revealed": is_list}
FULL: Shape = {**HEAD, **OPENED, "exclusions": is_list, "frame": is_filled, "result": is_object}
SEALED: Shape = {**HEAD, "exclusions_digest": is_digest, "leaves": is_filled}
MEMBERSHIP: Shape = {**HEAD, **OPENED, "membership": is_object}
ISSUED: Shape = {"ledger": is_list, "signature": is_object}
TEAM_ISSUED: Shape = {**ISSUED, "distribution": is_object, "replacements": is_filled}
RESULT: Shape = {"reserves": is_list, "selected": is_list}
OBJECT_PARAMETERS: Shape = {
    "allocation": is_filled,
    "minimum_ratio": is_list,
    "sample_size": is_positive,
    "waiver": or_null(is_object),
}
INSPECTOR_PARAMETERS: Shape = {"capacity": is_object, "tasks": is_filled}


def _required(draw: Draw) -> Shape:
    if draw.view == "frame":
        return FULL
    if draw.view == "membership":
        return MEMBERSHIP
    return {**SEALED, **REVEALED} if draw.opened else SEALED


def _form(draw: Draw, issued: Shape) -> None:
    if len(draw.views) != 1:
        raise Broken("frame、leaves、membership 应恰有其一", "exactly one of frame, leaves, membership should be there")
    shape(draw.document, "transcript", _required(draw), issued)
    shape(draw.commitment, "commitment", COMMITMENT)
    draw.hash, draw.parameters = hash_named(draw.commitment["hash"]), draw.commitment["parameters"]
    if draw.kind == "object":
        shape(draw.parameters, "parameters", OBJECT_PARAMETERS)
    else:
        shape(draw.parameters, "parameters", INSPECTOR_PARAMETERS, {"replaces": is_object})
    if "result" in draw.document:
        more: Shape = {"reserves_digest": is_digest} if draw.view == "leaves" else {}
        shape(draw.document["result"], "result", {**RESULT, **more})


def check_form(draw: Draw) -> Finding:
    """Every field the protocol names is there, and none besides."""
    team = draw.kind == "inspector" and draw.opened
    _form(draw, TEAM_ISSUED if team and draw.view != "membership" else ISSUED)
    if draw.view == "membership" and draw.kind == "inspector":
        raise Broken("检查人员抽取没有位次证明", "a draw of inspectors has no proof of rank")
    if "distribution" in draw.document:
        shape(draw.document["distribution"], "distribution", {"en": is_text, "zh": is_text})
    views = {
        "frame": ("完整记录", "full transcript"),
        "leaves": ("公开版记录", "redacted transcript"),
        "membership": ("单个单位的证明", "proof for one unit"),
    }
    return Finding(views[draw.view], (f"协议 {PROTOCOL} 的字段", f"fields of protocol {PROTOCOL}"))


def check_commitment(draw: Draw) -> Finding:
    """The digest of the commitment, on which everything later rests."""
    draw.digest = draw.hash(canonical(draw.commitment))
    same(draw.digest.hex(), draw.document["commitment_digest"], "承诺摘要", "commitment digest")
    return Finding((draw.digest.hex(),) * 2, ("文件所载承诺摘要", "the stated commitment digest"))


def check_redraw(draw: Draw) -> Finding:
    """A first attempt replaces nothing; every later one names what it replaces."""
    attempt, supersedes = draw.commitment["attempt"], draw.commitment["supersedes"]
    if (attempt == 1) != (supersedes is None):
        raise Broken(
            f"第 {attempt} 次抽取，但 supersedes 为 {supersedes}",
            f"attempt {attempt} but supersedes is {supersedes}",
        )
    if supersedes == draw.digest.hex():
        raise Broken("承诺取代其自身", "the commitment supersedes itself")
    named: Text = ("首次抽取，不取代任何抽取", "first attempt, replaces no draw")
    if supersedes:
        named = (f"取代 {supersedes}", f"replaces {supersedes}")
    return Finding((f"第 {attempt} 次", f"attempt {attempt}"), named)


# ---- entropy


SOURCES: Dict[str, Tuple[Shape, Shape]] = {
    "witness": ({}, {"description": is_text, "not_before": is_instant, "person": is_text}),
    "public": ({"description": is_text, "not_before": is_instant}, {}),
}


def _source_form(source: Any, where: str, first: bool, sealed: datetime) -> None:
    kind = source.get("kind") if type(source) is dict else None
    required, may = SOURCES["public" if kind == "public" else "witness"]
    chained: Shape = {"deadline": is_instant, "fallback": is_filled} if first else {"deadline": is_instant}
    known: Shape = {"kind": constant("witness", "public"), "source": is_identifier}
    shape(source, where, {**known, **required}, {**may, **chained})
    start, end = instant(source.get("not_before")), instant(source.get("deadline"))
    if kind == "public" and start is not None and start <= sealed:
        raise Broken(f"{where}：not_before 不晚于封存时刻", f"{where}: not_before is not later than sealing")
    if start is not None and end is not None and start >= end:
        raise Broken(f"{where}：not_before 不早于 deadline", f"{where}: not_before is not earlier than the deadline")


def _chain(source: Any, where: str, sealed: datetime) -> List[Json]:
    """A source followed by its fallbacks."""
    _source_form(source, where, True, sealed)
    chain = [source, *source.get("fallback", [])]
    for place, fallback in enumerate(chain[1:]):
        _source_form(fallback, f"{where}.fallback[{place}]", False, sealed)
    ends = [instant(one.get("deadline")) for one in chain]
    known = [end for end in ends if end is not None]
    if ends[-1] is not None or len(known) != len(ends) - 1:
        raise Broken(
            f"{where}：除最后一个外，来源均须有 deadline",
            f"{where}: every source but the last, and only those, has a deadline",
        )
    if any(later <= earlier for earlier, later in zip(known, known[1:])):
        raise Broken(f"{where}：deadline 未依次推后", f"{where}: deadlines do not ascend")
    return chain


def source_chains(draw: Draw) -> List[List[Json]]:
    """Every planned source after the server, each with its fallbacks."""
    sealed = instant(draw.commitment["sealed_at"])
    assert sealed is not None
    plan = draw.commitment["entropy_plan"]
    return [_chain(source, f"entropy_plan[{number}]", sealed) for number, source in enumerate(plan[1:], 1)]


def check_entropy(draw: Draw) -> Finding:
    """The server is committed first, then at least one outside source that could not yet be known."""
    plan = draw.commitment["entropy_plan"]
    if len(plan) < 2:
        raise Broken("熵源计划没有外部来源", "the entropy plan has no outside source")
    server: Shape = {"commitment": is_digest, "kind": constant("server"), "source": constant("server")}
    shape(plan[0], "entropy_plan[0]", server)
    names = [source["source"] for chain in source_chains(draw) for source in chain]
    if len(set(names)) != len(names) or "server" in names:
        raise Broken("熵源名称重复", "a source of the entropy plan is named twice")
    return Finding(
        (f"服务器 + {len(plan) - 1} 个外部来源", f"server + {len(plan) - 1} outside source(s)"),
        (f"封存时刻 {draw.commitment['sealed_at']}", f"sealed at {draw.commitment['sealed_at']}"),
    )


def planned_names(draw: Draw) -> List[List[str]]:
    """For every planned value, the names of those who may give it."""
    return [["server"], *([source["source"] for source in chain] for chain in source_chains(draw))]


def check_contributions(draw: Draw) -> Finding:
    """Exactly one value of every source, in the order of the plan."""
    given, chains = draw.document["contributions"], planned_names(draw)
    for number, entry in enumerate(given):
        shape(entry, f"contributions[{number}]", {"source": is_identifier, "value": is_identifier})
    if len(given) != len(chains):
        raise Broken(
            f"计划 {len(chains)} 个来源，实有 {len(given)} 个值",
            f"{len(chains)} sources planned, {len(given)} values given",
        )
    for number, (entry, chain) in enumerate(zip(given, chains)):
        if entry["source"] not in chain:
            raise Broken(
                f"第 {number + 1} 个值来自 {entry['source']!r}，计划为 {chain}",
                f"value {number + 1} is from {entry['source']!r}, planned was {chain}",
            )
    late = [entry["source"] for entry, chain in zip(given, chains) if entry["source"] != chain[0]]
    note = (f"；启用后备：{late}", f"; fallback used: {late}") if late else ("", "")
    return Finding(
        (f"{len(given)} 个值，顺序一致{note[0]}", f"{len(given)} values in plan order{note[1]}"),
        ("熵源计划", "the entropy plan"),
    )


def check_secret(draw: Draw) -> Finding:
    """The server's secret is the one it was bound to before any outside value existed."""
    value = draw.document["contributions"][0]["value"]
    if not is_digest(value):
        raise Broken("服务器秘密不是 32 字节的十六进制", "the server's secret is not 32 bytes in hex")
    found = draw.hash(bytes.fromhex(value)).hex()
    same(found, draw.commitment["entropy_plan"][0]["commitment"], "服务器秘密的摘要", "digest of the server's secret")
    return Finding((found, found), ("封存时公布的摘要", "the digest published at sealing"))


def check_seed(draw: Draw) -> Finding:
    """The seed follows from the commitment and the contributions, and from nothing else."""
    draw.seed = draw.hash(canonical({"commitment": draw.digest.hex(), "contributions": draw.document["contributions"]}))
    same(draw.seed.hex(), draw.document["seed"], "种子", "seed")
    return Finding((draw.seed.hex(),) * 2, ("文件所载种子", "the stated seed"))


# ---- frame


def _items(unit: Json, kind: str, where: str) -> None:
    items = unit["items"]
    if kind == "inspector":
        if items or unit["weight"] != 1:
            raise Broken(f"{where}：检查人员的 items 应为空、weight 应为 1", f"{where}: an inspector has no items and weight 1")
        return
    if not items or not all(map(is_identifier, items)):
        raise Broken(f"{where}.items 应为非空的证书编号列表", f"{where}.items should be a list of certificate numbers, not empty")
    ascending(items, f"{where}.items", f"{where}.items")


def _check_unit(draw: Draw, unit: Any, where: str) -> None:
    shape(unit, where, UNIT)
    _items(unit, draw.kind, where)


def _plain(unit: Any) -> Optional[str]:
    """Canonical form of a unit that is, at a glance, of the form nearly every unit has: one item, ASCII names.

    Found only where the full check would pass; it is what makes a million units bearable.
    """
    if type(unit) is not dict or len(unit) != len(UNIT_ORDER):
        return None
    try:
        items, salt, stratum, name, weight = UNIT_PARTS(unit)
    except KeyError:
        return None
    if type(items) is not list or len(items) != 1 or type(weight) is not int:
        return None
    item = items[0]
    if not (type(item) is str and type(salt) is str and type(stratum) is str and type(name) is str):
        return None
    text = f'{{"items":["{item}"],"salt":"{salt}","stratum":"{stratum}","unit_id":"{name}","weight":{weight}}}'
    return text if PLAIN_UNIT.fullmatch(text) else None


def _leaf_texts(draw: Draw) -> Iterator[bytes]:
    """What is hashed for each unit of the frame, in its order, after the unit was checked."""
    before, objects = "", draw.kind == "object"
    for number, unit in enumerate(draw.document["frame"]):
        text = _plain(unit) if objects else None
        if text is None:
            _check_unit(draw, unit, f"frame[{number}]")
        name = unit["unit_id"]
        if name <= before:
            raise Broken(f"frame[{number}] {name!r} 未按升序或重复", f"frame[{number}] {name!r} is out of order or repeated")
        before = name
        yield b"\x00" + (text.encode() if text is not None else unit_canonical(unit))


def _full_leaves(draw: Draw) -> List[bytes]:
    leaves = hash_each(draw.hash, _leaf_texts(draw))
    if sum(map(itemgetter("weight"), draw.document["frame"])) > MAX_TICKETS:
        raise Unreadable(f"权重合计超过 {MAX_TICKETS}", f"weights add up to more than {MAX_TICKETS}")
    return leaves


def _stated_leaves(draw: Draw) -> List[bytes]:
    if not all(map(is_digest, draw.document["leaves"])):
        raise Broken("leaves 应全部为摘要", "leaves should all be digests")
    return [bytes.fromhex(leaf) for leaf in draw.document["leaves"]]


def check_frame(draw: Draw) -> Finding:
    """The list from which was drawn is the one that was sealed."""
    draw.leaves = _full_leaves(draw) if draw.view == "frame" else _stated_leaves(draw)
    same(len(draw.leaves), draw.commitment["frame_size"], "抽样框单位数", "number of units in the frame")
    root = merkle_root(draw.leaves, draw.hash).hex()
    same(root, draw.commitment["frame_root"], "抽样框根", "frame root")
    return Finding(
        (f"{len(draw.leaves)} 个单位，根 {root}", f"{len(draw.leaves)} units, root {root}"),
        ("承诺中的 frame_size 与 frame_root", "frame_size and frame_root of the commitment"),
    )


# ---- exclusions


def check_exclusions(draw: Draw) -> Finding:
    """Whoever was left out has a reason and is not in the draw."""
    if draw.view == "leaves":
        return unchecked("公开版只载排除清单的摘要", "a redacted transcript holds only the digest of the exclusions")
    required: Shape = {"reason": is_text, "unit_id": is_identifier}
    may: Optional[Shape] = None
    if draw.kind == "inspector":
        required = {"inspector": is_identifier, "reason": is_text, "task": is_identifier}
    for number, entry in enumerate(draw.document["exclusions"]):
        if draw.kind == "object" and type(entry) is dict:
            may = dict.fromkeys(entry, is_text)
        shape(entry, f"exclusions[{number}]", required, may)
    left_out = _excluded_objects(draw) if draw.kind == "object" else _excluded_pairs(draw)
    if not entries_of(draw):
        return unchecked(
            f"{left_out[0]}，与抽样框不矛盾；但文件未附台账，其内容不受约束",
            f"{left_out[1]}, consistent with the frame; but without a ledger nothing binds this list",
        )
    return Finding(
        left_out, ("抽样框；台账中的摘要（见台账一步）", "the frame; and, at the step ledger, the digest sealed there")
    )


def _excluded_objects(draw: Draw) -> Text:
    framed = {unit["unit_id"] for unit in draw.document["frame"]}
    for entry in draw.document["exclusions"]:
        if entry["unit_id"] in framed:
            raise Broken(f"{entry['unit_id']!r} 既被排除又在抽样框内", f"{entry['unit_id']!r} is excluded and yet in the frame")
    count = len(draw.document["exclusions"])
    return f"排除 {count} 个单位", f"{count} units excluded"


def _excluded_pairs(draw: Draw) -> Text:
    eligible = {task["task"]: set(task["eligible"]) for task in draw.parameters["tasks"]}
    pairs = {(entry["task"], entry["inspector"]) for entry in draw.document["exclusions"]}
    for task, inspector in sorted(pairs):
        if task not in eligible:
            raise Broken(f"排除清单中的任务 {task!r} 不存在", f"the exclusions name an unknown task {task!r}")
        if inspector in eligible[task]:
            raise Broken(f"{inspector!r} 既被排除又可派往 {task!r}", f"{inspector!r} is excluded from {task!r} and yet eligible")
    every = {(task, name) for task in eligible for name in draw.parameters["capacity"] if name not in eligible[task]}
    bare = len(every - pairs)
    return (
        f"排除 {len(pairs)} 对，另有 {bare} 对未载理由",
        f"{len(pairs)} pairs excluded, {bare} more left out without a stated reason",
    )


# ---- allocation


class Stratum(NamedTuple):
    """One stratum of the allocation: its name, units N, multiplier m and floor f."""

    name: str
    units: int
    multiplier: int
    floor: int


def allocate(strata: Sequence[Stratum], size: int) -> Optional[Dict[str, int]]:
    """Quotas of section 4, shares as exact fractions over their common denominator; None where infeasible."""
    total = sum(s.units * s.multiplier for s in strata)
    share = {s.name: size * s.units * s.multiplier for s in strata}
    quota = {s.name: min(s.units, max(s.floor, share[s.name] // total)) for s in strata}

    def rest(s: Stratum) -> int:
        return share[s.name] - quota[s.name] * total

    while sum(quota.values()) < size:
        open_ = [s for s in strata if quota[s.name] < s.units]
        if not open_:
            return None
        quota[max(sorted(open_), key=rest).name] += 1
    while sum(quota.values()) > size:
        open_ = [s for s in strata if quota[s.name] > s.floor]
        if not open_:
            return None
        quota[min(sorted(open_, reverse=True), key=rest).name] -= 1
    return quota


# ---- selection of objects


def _ticket(prefix: bytes, name: bytes, weight: int, hash_: Hash) -> bytes:
    smallest = hash_(prefix + name)
    for extra in range(1, weight):
        smallest = min(smallest, hash_(prefix + name + b"\x00" + str(extra).encode()))
    return smallest


def _certificate(draw: Draw, unit: Json) -> str:
    prefix, unit_id = draw.seed + b"\x00certificate\x00", unit["unit_id"]
    return str(min(unit["items"], key=lambda item: (draw.hash(prefix + f"{unit_id}/{item}".encode()), item)))


def _entry(draw: Draw, rank: int, ticket: bytes, unit: Json) -> Json:
    return {
        "item": _certificate(draw, unit),
        "rank": rank,
        "stratum": unit["stratum"],
        "ticket": ticket.hex(),
        "unit_id": unit["unit_id"],
    }


def draw_objects(draw: Draw) -> Tuple[List[Json], List[Json]]:
    """Selected and reserve entries of section 7, by stratum and then by rank."""
    prefix, frame, tickets = draw.seed + b"\x00object\x00", draw.document["frame"], draw.tickets
    for row in draw.parameters["allocation"]:
        tickets[row["stratum"]] = []
    first_tickets = hash_each(draw.hash, map(prefix.__add__, map(str.encode, map(itemgetter("unit_id"), frame))))
    for number, (unit, ticket) in enumerate(zip(frame, first_tickets)):
        smallest = ticket if unit["weight"] == 1 else _ticket(prefix, unit["unit_id"].encode(), unit["weight"], draw.hash)
        tickets[unit["stratum"]].append((smallest, unit["unit_id"], number))
    selected: List[Json] = []
    reserves: List[Json] = []
    for row in draw.parameters["allocation"]:
        first = heapq.nsmallest(row["quota"] + row["reserves"], tickets[row["stratum"]])
        for rank, (ticket, _, number) in enumerate(first, 1):
            entry = _entry(draw, rank, ticket, draw.document["frame"][number])
            (selected if rank <= row["quota"] else reserves).append(entry)
    return selected, reserves


# ---- teams: the first feasible one in ticket order


class Crew:
    """All tasks filled in some way, while members are demanded one after another.

    Demanding a member reroutes along an alternating path, so whether the rest can still be filled is decided
    exactly. ``may`` and ``holds`` are bit masks of inspectors, one a task.
    """

    def __init__(self, may: List[int], capacity: List[int]) -> None:
        self.may, self.room = may, capacity
        self.holds, self.fixed = [0] * len(may), [0] * len(may)
        self.busy: List[Set[int]] = [set() for _ in capacity]

    def fill(self, task: int) -> bool:
        """One more member for the task, whoever it is."""
        return self._join(task, self.may[task] & ~self.holds[task], 0)

    def demand(self, task: int, inspector: int) -> bool:
        """Fix the inspector in the task if everything else can still be filled; otherwise bar the two for good."""
        bit = 1 << inspector
        if not self.holds[task] & bit and not self._join(task, bit, self.holds[task] & ~self.fixed[task]):
            self.may[task] &= ~bit
            return False
        self.fixed[task] |= bit
        return True

    def _join(self, task: int, starts: int, leavers: int) -> bool:
        """Let one of ``starts`` into the task; one of ``leavers`` makes way for them, where there are any."""
        came: Dict[int, Tuple[int, int]] = {}
        queue, seen = list(_bits(starts)), starts
        for inspector in queue:
            if self.room[inspector] or leavers >> inspector & 1:
                self._reroute(task, inspector, came, leavers)
                return True
            for other in self.busy[inspector]:
                if other == task or self.fixed[other] >> inspector & 1:
                    continue
                fresh = self.may[other] & ~self.holds[other] & ~seen
                seen |= fresh
                for substitute in _bits(fresh):
                    came[substitute] = (inspector, other)
                    queue.append(substitute)
        return False

    def _reroute(self, task: int, end: int, came: Dict[int, Tuple[int, int]], leavers: int) -> None:
        if leavers:
            leaver = end if leavers >> end & 1 else leavers.bit_length() - 1
            self._set(task, leaver, False)
        while end in came:
            before, other = came[end]
            self._set(other, before, False)
            self._set(other, end, True)
            end = before
        self._set(task, end, True)

    def _set(self, task: int, inspector: int, joins: bool) -> None:
        self.holds[task] ^= 1 << inspector
        self.room[inspector] += -1 if joins else 1
        (self.busy[inspector].add if joins else self.busy[inspector].discard)(task)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _complete(draw: Draw, number: Dict[str, int]) -> Crew:
    tasks, capacity = draw.parameters["tasks"], draw.parameters["capacity"]
    may = [sum(1 << number[name] for name in task["eligible"]) for task in tasks]
    crew = Crew(may, [capacity[name] for name in number])
    for place, task in enumerate(tasks):
        if not all(crew.fill(place) for _ in range(task["size"])):
            raise Broken(f"任务 {task['task']!r} 无法满员，计划不可行", f"infeasible: task {task['task']!r} cannot be filled")
    return crew


def draw_teams(draw: Draw) -> List[Json]:
    """Team entries of section 7, in the order of the tasks."""
    number = {name: place for place, name in enumerate(draw.parameters["capacity"])}
    crew, prefix, teams = _complete(draw, number), draw.seed + b"\x00inspector\x00", []
    for place, task in enumerate(draw.parameters["tasks"]):
        order = sorted((draw.hash(prefix + f"{task['task']}/{name}".encode()), name) for name in task["eligible"])
        team: List[Tuple[bytes, str]] = []
        for ticket, name in order:
            if len(team) < task["size"] and crew.demand(place, number[name]):
                team.append((ticket, name))
        teams.append(
            {
                "members": [name for _, name in team],
                "task": task["task"],
                "tickets": [ticket.hex() for ticket, _ in team],
            }
        )
    return teams


ALLOCATION: Shape = {"quota": is_count, "reserves": is_count, "stratum": is_identifier, "units": is_positive}
TARGETED: Shape = {"floor": is_positive, "multiplier": lambda value: is_positive(value) and value > 1}


def check_allocation(draw: Draw) -> Finding:
    """Strata and their sizes are those of the frame; quotas follow from them and from the sample size."""
    rows, size = draw.parameters["allocation"], draw.parameters["sample_size"]
    for number, row in enumerate(rows):
        shape(row, f"allocation[{number}]", ALLOCATION, TARGETED)
        if row["quota"] + row["reserves"] > row["units"]:
            raise Broken(f"{row['stratum']}：配额与备选之和超过单位数", f"{row['stratum']}: quota and reserves exceed its units")
    ascending([row["stratum"] for row in rows], "分层", "strata")
    _strata_of_frame(draw, rows)
    same(sum(row["quota"] for row in rows), size, "配额之和", "sum of the quotas")
    _reserves_asked(rows)
    _minimum_ratio(draw)
    return _quotas(rows, size)


def _strata_of_frame(draw: Draw, rows: List[Json]) -> None:
    if draw.view != "frame":
        same(sum(row["units"] for row in rows), draw.commitment["frame_size"], "各层单位数之和", "units of all strata")
        return
    counted = dict(Counter(map(itemgetter("stratum"), draw.document["frame"])))
    same(counted, {row["stratum"]: row["units"] for row in rows}, "各层单位数", "units of each stratum")


def _reserves_asked(rows: List[Json]) -> None:
    asked = max(row["reserves"] for row in rows)
    for row in rows:
        same(
            min(row["units"] - row["quota"], asked),
            row["reserves"],
            f"{row['stratum']} 备选数",
            f"reserves of {row['stratum']}",
        )


def _minimum_ratio(draw: Draw) -> None:
    ratio, waiver = draw.parameters["minimum_ratio"], draw.parameters["waiver"]
    if len(ratio) != 2 or not is_count(ratio[0]) or not is_positive(ratio[1]):
        raise Broken("minimum_ratio 应为 [分子, 分母]", "minimum_ratio should be [numerator, denominator]")
    least = -(-ratio[0] * draw.commitment["frame_size"] // ratio[1])
    if waiver is not None:
        shape(waiver, "waiver", {"approved_by": is_text, "reason": is_text, "required": is_count})
        same(least, waiver["required"], "豁免所载的最低样本量", "least sample stated in the waiver")
    elif draw.parameters["sample_size"] < least:
        raise Broken(
            f"样本量低于最低比例要求的 {least} 且无豁免",
            f"sample size below the {least} that the ratio asks, without a waiver",
        )


def _quotas(rows: List[Json], size: int) -> Finding:
    strata = [Stratum(row["stratum"], row["units"], row.get("multiplier", 1), row.get("floor", 0)) for row in rows]
    found = allocate(strata, size)
    if found is None:
        raise Broken("按所载下限与样本量，分配不可行", "infeasible with the stated floors and sample size")
    same(found, {row["stratum"]: row["quota"] for row in rows}, "配额", "quotas")
    return Finding(
        (f"{len(rows)} 层配额合计 {size}", f"{len(rows)} quotas, {size} in all"),
        ("承诺中的 allocation", "allocation of the commitment"),
    )


def check_tasks(draw: Draw) -> Finding:
    """Everyone who may be drawn stands in the frame and has a capacity; every task says who may fill it."""
    tasks, capacity = draw.parameters["tasks"], draw.parameters["capacity"]
    for name in capacity:
        if not is_identifier(name) or not is_count(capacity[name]):
            raise Broken(f"capacity {name!r} 的形式不符合协议", f"capacity of {name!r} is not of the form the protocol asks")
    for number, task in enumerate(tasks):
        where = f"tasks[{number}]"
        shape(task, where, {"eligible": is_list, "size": is_positive, "task": is_identifier})
        if not all(is_identifier(name) and name in capacity for name in task["eligible"]):
            raise Broken(f"{where}.eligible 中有未列承载量者", f"{where}.eligible names someone without a capacity")
        ascending(task["eligible"], f"{where}.eligible", f"{where}.eligible")
    if len({task["task"] for task in tasks}) != len(tasks):
        raise Broken("任务编号重复", "a task is named twice")
    _pool(draw, sorted(capacity))
    _replaces(draw)
    return Finding(
        (f"{len(tasks)} 个任务、{len(capacity)} 名检查人员", f"{len(tasks)} tasks, {len(capacity)} inspectors"),
        ("抽样框", "the frame"),
    )


def _pool(draw: Draw, names: List[str]) -> None:
    if draw.view == "frame":
        framed = [unit["unit_id"] for unit in draw.document["frame"]]
        same(framed, names, "抽样框与承载量名单", "inspectors of the frame and of the capacities")
    else:
        same(len(names), draw.commitment["frame_size"], "检查人员数", "number of inspectors")


REPLACES: Shape = {"commitment_digest": is_digest, "kept": is_list, "outgoing": is_identifier, "task": is_identifier}


def _replaces(draw: Draw) -> None:
    """What a replacement draw says of the draw it belongs to fits its one task."""
    if "replaces" not in draw.parameters:
        return
    replaces, tasks = draw.parameters["replaces"], draw.parameters["tasks"]
    shape(replaces, "replaces", REPLACES)
    if not all(map(is_identifier, replaces["kept"])):
        raise Broken("replaces.kept 的形式不符合协议", "replaces.kept is not of the form the protocol asks")
    ascending(replaces["kept"], "replaces.kept", "replaces.kept")
    same(
        [[1, replaces["task"]]],
        [[task["size"], task["task"]] for task in tasks],
        "更换抽取的任务",
        "task of a replacement draw",
    )
    barred = {replaces["outgoing"], *replaces["kept"]} & set(tasks[0]["eligible"])
    if barred or replaces["outgoing"] in replaces["kept"]:
        raise Broken("更换抽取的候选人中有离组或留任者", "a replacement draw may not draw those who leave or stay")


# ---- comparison of the result


def _without(entry: Any, name: str) -> Any:
    return {key: value for key, value in entry.items() if key != name} if type(entry) is dict else entry


def compare_entries(found: List[Json], stated: List[Any], without: str, zh: str, en: str) -> None:
    """Refuse the first entry that is missing, additional or different, leaving one field aside."""
    for number, (mine, theirs) in enumerate(zip(found, stated), 1):
        same(_without(mine, without), _without(theirs, without), f"{zh}第 {number} 条", f"{en} entry {number}")
    same(len(found), len(stated), f"{zh}条数", f"number of entries, {en}")


def check_selection(draw: Draw) -> Finding:
    """In each stratum the units with the smallest tickets are selected, no other."""
    draw.drawn = draw_objects(draw) if draw.view == "frame" else shown_objects(draw)
    compare_entries(draw.drawn[0], draw.document["result"]["selected"], "item", "选中单位", "selected")
    count = len(draw.drawn[0])
    return Finding((f"{count} 个选中单位", f"{count} selected units"), ("result.selected", "result.selected"))


def check_reserves(draw: Draw) -> Finding:
    """The next units in ticket order are the reserve, in that order."""
    result = draw.document["result"]
    compare_entries(draw.drawn[1], result["reserves"], "item", "备选单位", "reserves")
    if len(draw.drawn[1]) == sum(row["reserves"] for row in draw.parameters["allocation"]):
        digest = draw.hash(canonical(result["reserves"])).hex()
        same(digest, result.get("reserves_digest", digest), "备选结果的摘要", "digest of the reserves")
    count = len(draw.drawn[1])
    return Finding((f"{count} 个备选单位", f"{count} reserve units"), ("result.reserves", "result.reserves"))


def check_certificates(draw: Draw) -> Finding:
    """Of each unit drawn, the certificate with the smallest ticket."""
    result = draw.document["result"]
    for mine, part in zip(draw.drawn, ("selected", "reserves")):
        compare_entries(mine, result[part], "", "证书", f"certificates, {part}")
    count = len(draw.drawn[0]) + len(draw.drawn[1])
    return Finding((f"{count} 张证书", f"{count} certificates"), ("result 的 item", "item of the result"))


def check_teams(draw: Draw) -> Finding:
    """Each team is the first in ticket order with which everything else can still be filled."""
    teams = draw_teams(draw)
    compare_entries(teams, draw.document["result"]["selected"], "", "检查组", "teams")
    same([], draw.document["result"]["reserves"], "备选检查组", "reserve teams")
    none = draw.hash(b"[]").hex()
    same(none, draw.document["result"].get("reserves_digest", none), "备选结果的摘要", "digest of the reserves")
    return Finding((f"{len(teams)} 个检查组", f"{len(teams)} teams"), ("result.selected", "result.selected"))


# ---- what a redacted transcript or a proof shows


def _proven(draw: Draw, entry: Json, where: str) -> bytes:
    """Leaf hash of a unit that is shown with its place in the frame."""
    if not all(map(is_digest, entry["path"])):
        raise Broken(f"{where}.path 应全部为摘要", f"{where}.path should hold digests only")
    _check_unit(draw, entry["unit"], f"{where}.unit")
    leaf, size = draw.hash(b"\x00" + unit_canonical(entry["unit"])), draw.commitment["frame_size"]
    path = [bytes.fromhex(digest) for digest in entry["path"]]
    found = merkle_path_root(leaf, entry["index"], size, path, draw.hash) if entry["index"] < size else None
    if found is None:
        raise Broken(f"{where}：证明的长度与位置不符", f"{where}: the proof does not fit its place in the tree")
    same(found.hex(), draw.commitment["frame_root"], f"{where} 导出的抽样框根", f"frame root that {where} leads to")
    return leaf


REVEALED_UNIT: Shape = {"index": is_count, "path": is_list, "unit": is_object}
PROOF: Shape = {
    **REVEALED_UNIT,
    "rank": is_positive,
    "ranking_index": is_count,
    "ranking_path": is_list,
    "ranking_root": is_digest,
    "status": constant("selected", "reserve", "not_selected"),
    "ticket": is_digest,
}


def check_inclusion(draw: Draw) -> Finding:
    """Every unit shown stands in the sealed frame, at the place stated."""
    compared: Text = ("承诺中的 frame_root", "frame_root of the commitment")
    if draw.view == "membership":
        shape(draw.document["membership"], "membership", PROOF)
        draw.leaves = [_proven(draw, draw.document["membership"], "membership")]
        return Finding(("1 个单位", "1 unit"), compared)
    before = -1
    for number, entry in enumerate(draw.document["revealed"]):
        where = f"revealed[{number}]"
        shape(entry, where, REVEALED_UNIT)
        if entry["index"] <= before:
            raise Broken(f"{where} 未按升序或重复", f"{where} is out of order or repeated")
        before = entry["index"]
        _proven(draw, entry, where)
    shown = [unit["unit_id"] for unit in draw.units]
    ascending(shown, "公开的单位", "units revealed")
    same(sorted(_named(draw)), shown, "公开的单位", "units revealed")
    return Finding((f"{len(shown)} 个单位", f"{len(shown)} units"), compared)


def _named(draw: Draw) -> Set[str]:
    """Everyone whom the result names."""
    result = draw.document["result"]
    names: List[Any] = []
    for entry in [*result["selected"], *result["reserves"]]:
        found = entry.get("members" if draw.kind == "inspector" else "unit_id") if type(entry) is dict else None
        names += found if type(found) is list else [found]
    if not all(map(is_identifier, names)):
        raise Broken("结果中有编号缺失或形式不符", "the result lacks an identifier or holds a malformed one")
    return set(names)


def shown_objects(draw: Draw) -> Tuple[List[Json], List[Json]]:
    """What the entries of a redacted result must be, recomputed from the units revealed."""
    result, rows = draw.document["result"], draw.parameters["allocation"]
    used = [entry["stratum"] if is_text(entry.get("stratum")) else "" for entry in result["reserves"]]
    first = [(row["stratum"], rank) for row in rows for rank in range(1, row["quota"] + 1)]
    then = []
    for row in rows:
        count = used.count(row["stratum"])
        if count > row["reserves"]:
            raise Broken(f"{row['stratum']}：备选多于计划", f"{row['stratum']}: more reserves than were planned")
        then += [(row["stratum"], row["quota"] + place) for place in range(1, count + 1)]
    selected, reserves = _placed(draw, result["selected"], first), _placed(draw, result["reserves"], then)
    order = [(entry["stratum"], entry["rank"], entry["ticket"], entry["unit_id"]) for entry in [*selected, *reserves]]
    for one, two in zip(sorted(order), sorted(order)[1:]):
        if one[0] == two[0] and one[2:] >= two[2:]:
            raise Broken(f"{two[3]!r} 的签号不大于前一位次", f"the ticket of {two[3]!r} does not follow that of the rank before")
    return selected, reserves


def _placed(draw: Draw, stated: List[Json], places: List[Tuple[str, int]]) -> List[Json]:
    if len(stated) != len(places):
        raise Broken(
            f"应有 {len(places)} 条，实有 {len(stated)} 条",
            f"{len(places)} entries were planned, {len(stated)} are given",
        )
    units, entries, prefix = {unit["unit_id"]: unit for unit in draw.units}, [], draw.seed + b"\x00object\x00"
    for entry, (stratum, rank) in zip(stated, places):
        unit = units[entry["unit_id"]]
        if unit["stratum"] != stratum:
            raise Broken(f"{unit['unit_id']!r} 不属于分层 {stratum}", f"{unit['unit_id']!r} does not belong to stratum {stratum}")
        ticket = _ticket(prefix, unit["unit_id"].encode(), unit["weight"], draw.hash)
        entries.append(_entry(draw, rank, ticket, unit))
    return entries


def check_hidden(draw: Draw) -> Finding:
    """What no redacted transcript can show."""
    hidden = draw.commitment["frame_size"] - len(draw.units)
    return unchecked(
        f"{hidden} 个未公开的单位：其中是否有签号更小者，只有完整记录能核验",
        f"{hidden} units stay hidden: whether one of them has a smaller ticket only the full transcript can show",
    )


def check_embargo(_: Draw) -> Finding:
    """Before the embargo ends a redacted transcript holds no result."""
    return unchecked(
        "公开前的记录：只含承诺，尚无提交值、种子与结果",
        "before the embargo: the commitment only, no contributions, seed or result yet",
    )


def check_rank(draw: Draw) -> Finding:
    """The unit's rank in its stratum, without showing anyone else."""
    proof, rows = draw.document["membership"], draw.parameters["allocation"]
    unit, rank = proof["unit"], proof["rank"]
    ticket = _ticket(draw.seed + b"\x00object\x00", unit["unit_id"].encode(), unit["weight"], draw.hash)
    same(ticket.hex(), proof["ticket"], "签号", "ticket")
    row = next((row for row in rows if row["stratum"] == unit["stratum"]), None)
    if row is None or rank > row["units"]:
        raise Broken("分层或位次超出承诺", "the stratum or the rank is outside the commitment")
    offset = sum(other["units"] for other in rows if other["stratum"] < row["stratum"])
    same(offset + rank - 1, proof["ranking_index"], "排序树中的位置", "place in the ranking tree")
    if not all(map(is_digest, proof["ranking_path"])):
        raise Broken("ranking_path 应全部为摘要", "ranking_path should hold digests only")
    path = [bytes.fromhex(digest) for digest in proof["ranking_path"]]
    leaf = draw.hash(b"\x00" + draw.leaves[0])
    root = merkle_path_root(leaf, proof["ranking_index"], draw.commitment["frame_size"], path, draw.hash)
    same(root.hex() if root else "", proof["ranking_root"], "排序树的根", "root of the ranking tree")
    last = row["quota"] + row["reserves"]
    status = "selected" if rank <= row["quota"] else "reserve" if rank <= last else "not_selected"
    same(status, proof["status"], "抽取结果", "status")
    return Finding(
        (f"{unit['stratum']} 第 {rank} 位，{status}", f"rank {rank} in {unit['stratum']}, {status}"),
        ("ranking_root（由台账的执行条目约束）", "ranking_root (bound by the execution entry of the ledger)"),
    )


def ranking_root(draw: Draw) -> str:
    """Root of the ranking tree: frame leaves in order of stratum, ticket and id."""
    order = [number for stratum in sorted(draw.tickets) for _, _, number in sorted(draw.tickets[stratum])]
    return merkle_root(hash_each(draw.hash, (b"\x00" + draw.leaves[number] for number in order)), draw.hash).hex()


# ---- ledger

LEDGER = "ccc-ledger/1"
ENTRY: Shape = {
    "at": is_instant,
    "body_digest": is_digest,
    "by": is_text,
    "digest": is_digest,
    "draw_id": is_identifier,
    "hash": constant("sha-256", "sm3"),
    "kind": is_text,
    "previous": or_null(is_digest),
    "protocol": constant(LEDGER),
    "seq": is_positive,
}
_APPROVED: Shape = {"approved_by": is_text, "commitment_digest": is_digest, "ground": is_text}
_EXCHANGE: Shape = {**_APPROVED, "incoming": is_identifier, "outgoing": is_identifier}
BODIES: Dict[str, Shape] = {
    "seal": {
        "attempt": is_positive,
        "commitment_digest": is_digest,
        "exclusions_digest": is_digest,
        "supersedes": or_null(is_digest),
    },
    "contribution": {"commitment_digest": is_digest, "source": is_identifier, "value": is_identifier},
    "execution": {
        "commitment_digest": is_digest,
        "ranking_root": or_null(is_digest),
        "reserves_digest": is_digest,
        "seed": is_digest,
        "selected_digest": is_digest,
    },
    "abort": _APPROVED,
    "supersession": _APPROVED,
    "waiver": {"approved_by": is_text, "reason": is_text, "required": is_count, "sample_size": is_positive},
    "replacement": {**_EXCHANGE, "stratum": is_identifier},
    "release": {
        "audience": constant("entitled", "public"),
        "commitment_digest": is_digest,
        "transcript_digest": is_digest,
    },
}
TEAM_REPLACEMENT: Shape = {**_EXCHANGE, "replacement": or_null(is_digest), "task": is_identifier}


def entries_of(draw: Draw) -> List[Json]:
    """The ledger entries at hand: those in the transcript, else those of a ledger beside it that tells of this draw."""
    inside = draw.document.get("ledger", [])
    outside = draw.outside.get("entries", []) if type(draw.outside) is dict else []
    told = type(outside) is list and any(
        type(entry) is dict and entry.get("draw_id") == draw.commitment["draw_id"] for entry in outside
    )
    return list(inside or (outside if told else []))


def _check_entry(entry: Any, where: str) -> None:
    shape(entry, where, ENTRY, {"body": is_object})
    hash_, body = hash_named(entry["hash"]), entry.get("body")
    if entry["kind"] not in BODIES:
        raise Broken(f"{where}：未知的条目类型", f"{where}: unknown kind of entry")
    sealed = {name: value for name, value in entry.items() if name not in ("body", "digest")}
    same(hash_(canonical(sealed)).hex(), entry["digest"], f"{where} 的摘要", f"digest of {where}")
    if body is None:
        return
    team = entry["kind"] == "replacement" and "stratum" not in body
    shape(body, f"{where}.body", TEAM_REPLACEMENT if team else BODIES[entry["kind"]])
    same(hash_(canonical(body)).hex(), entry["body_digest"], f"{where} 内容的摘要", f"digest of the body of {where}")
    if body.get("approved_by") == entry["by"]:
        raise Broken(f"{where}：批准人与经办人相同", f"{where}: approved by the one who acted")


def check_chain(entries: List[Any], where: str) -> None:
    """Entries follow one another without a gap, each bound to the one before it."""
    for number, entry in enumerate(entries):
        _check_entry(entry, f"{where}[{number}]")
        if number:
            same(
                entries[number - 1]["seq"] + 1,
                entry["seq"],
                f"{where}[{number}] 的序号",
                f"number of {where}[{number}]",
            )
            same(
                entries[number - 1]["digest"],
                entry["previous"],
                f"{where}[{number}] 所接的摘要",
                f"digest before {where}[{number}]",
            )
        elif (entry["seq"] == 1) != (entry["previous"] is None):
            raise Broken("台账第 1 条之前应无条目", "entry 1 of the ledger, and only it, has none before it")


class Story:
    """The entries of one draw, in order, and what has been made of them."""

    def __init__(self, draw: Draw, entries: List[Json]) -> None:
        self.draw, self.all = draw, entries
        self.own = [entry for entry in entries if entry["draw_id"] == draw.commitment["draw_id"]]
        self.withheld = sum("body" not in entry for entry in self.own)

    def of(self, kind: str) -> List[Json]:
        """Own entries of one kind."""
        return [entry for entry in self.own if entry["kind"] == kind]

    def bodies(self, kind: str) -> List[Json]:
        """Bodies of one kind, where they are not withheld."""
        return [entry["body"] for entry in self.of(kind) if "body" in entry]


# Kinds of entry that may stand after each point of a draw, and the point that they lead to.
COURSE: Dict[str, Dict[str, str]] = {
    "planned": {"waiver": "planned", "seal": "sealed"},
    "sealed": {"contribution": "sealed", "execution": "executed", "abort": "aborted", "release": "sealed"},
    "executed": {"replacement": "executed", "release": "executed", "supersession": "superseded"},
    "superseded": {"replacement": "superseded", "release": "superseded"},
    "aborted": {"release": "aborted"},
}


def check_story(draw: Draw, entries: List[Json]) -> str:
    """The ledger tells of this draw what the transcript tells; the point that the draw has reached."""
    story, point = Story(draw, entries), "planned"
    for entry in story.own:
        if entry["kind"] not in COURSE[point]:
            raise Broken(
                f"台账第 {entry['seq']} 条：{entry['kind']} 不能出现在此处",
                f"ledger entry {entry['seq']}: no {entry['kind']} may stand here",
            )
        point = COURSE[point][entry["kind"]]
        stated = entry.get("body", {}).get("commitment_digest", draw.digest.hex())
        same(
            draw.digest.hex(),
            stated,
            f"台账第 {entry['seq']} 条的承诺摘要",
            f"commitment digest in ledger entry {entry['seq']}",
        )
    if point == "planned":
        raise Broken("台账中没有本次抽取的封存", "the ledger has no seal of this draw")
    _story_seal(story)
    _story_waiver(story)
    _story_contributions(story)
    _story_redraw(story)
    if draw.opened:
        _story_execution(story, point)
    if draw.view == "frame":
        _story_release(story)
    return point


def _story_seal(story: Story) -> None:
    entry, commitment = story.of("seal")[0], story.draw.commitment
    same(commitment["previous"], entry["previous"], "封存条目之前的摘要", "digest before the seal")
    same(commitment["sealed_by"], entry["by"], "封存人", "sealer")
    if instant(entry["at"]) != instant(commitment["sealed_at"]):
        raise Broken("台账与承诺的封存时刻不同", "time of sealing differs between ledger and commitment")
    for body in story.bodies("seal"):
        same(commitment["attempt"], body["attempt"], "封存条目的次数", "attempt in the seal")
        same(commitment["supersedes"], body["supersedes"], "封存条目的取代关系", "supersedes in the seal")
        same(
            _exclusions_digest(story.draw, body),
            body["exclusions_digest"],
            "排除清单的摘要",
            "digest of the exclusions",
        )


def _exclusions_digest(draw: Draw, body: Json) -> Any:
    if draw.view == "frame":
        return draw.hash(canonical(draw.document["exclusions"])).hex()
    return draw.document.get("exclusions_digest", body["exclusions_digest"])


def _story_waiver(story: Story) -> None:
    waiver = story.draw.parameters.get("waiver")
    if waiver is None or len(story.bodies("waiver")) < len(story.of("waiver")):
        return
    stated = {**waiver, "sample_size": story.draw.parameters["sample_size"]}
    if not any(canonical(body) == canonical(stated) for body in story.bodies("waiver")):
        raise Broken("台账中没有承诺所载的豁免", "the ledger has no waiver as the commitment states it")


def _story_contributions(story: Story) -> None:
    chains = source_chains(story.draw)
    slot_of = {source["source"]: (slot, place) for slot, chain in enumerate(chains) for place, source in enumerate(chain)}
    given: Dict[int, Json] = {}
    for entry in story.of("contribution"):
        if "body" not in entry:
            continue
        body, seq = entry["body"], entry["seq"]
        if body["source"] not in slot_of or slot_of[body["source"]][0] in given:
            raise Broken(
                f"台账第 {seq} 条：来源不在计划内或重复提交",
                f"ledger entry {seq}: source not planned, or a second value",
            )
        slot, place = slot_of[body["source"]]
        _in_time(entry, chains[slot], place)
        given[slot] = body
    if not story.draw.opened or len(story.bodies("contribution")) < len(story.of("contribution")):
        return
    recorded = [{"source": given[slot]["source"], "value": given[slot]["value"]} for slot in sorted(given)]
    same(recorded, story.draw.document["contributions"][1:], "台账所载提交值", "contributions in the ledger")


def _in_time(entry: Json, chain: List[Json], place: int) -> None:
    at = instant(entry["at"])
    start, end = instant(chain[place].get("not_before")), instant(chain[place].get("deadline"))
    after = instant(chain[place - 1]["deadline"]) if place else None
    assert at is not None
    if (start is not None and at < start) or (end is not None and at > end) or (after is not None and at <= after):
        raise Broken(f"台账第 {entry['seq']} 条：提交时刻不合计划", f"ledger entry {entry['seq']}: contributed outside its time")


def _story_execution(story: Story, point: str) -> None:
    if point not in ("executed", "superseded"):
        raise Broken("台账中本次抽取没有执行", "the ledger has no execution of this draw")
    draw, entry = story.draw, story.of("execution")[0]
    if draw.commitment["attempt"] > 1 and entry["by"] == draw.commitment["sealed_by"]:
        raise Broken("重抽的执行人与封存人相同", "a redraw was executed by the one who sealed it")
    for body in story.bodies("execution"):
        same(draw.seed.hex(), body["seed"], "执行条目的种子", "seed in the execution")
        if "result" in draw.document:
            result = draw.document["result"]
            reserves = draw.hash(canonical(result["reserves"])).hex()
            same(
                draw.hash(canonical(result["selected"])).hex(),
                body["selected_digest"],
                "选中结果的摘要",
                "digest of the selected",
            )
            same(
                result.get("reserves_digest", reserves),
                body["reserves_digest"],
                "备选结果的摘要",
                "digest of the reserves",
            )
        same(_ranking(draw, body), body["ranking_root"], "排序树的根", "root of the ranking tree")


def _ranking(draw: Draw, body: Json) -> Any:
    if draw.kind == "inspector":
        return None
    if draw.view == "frame":
        return ranking_root(draw)
    return draw.document["membership"]["ranking_root"] if draw.view == "membership" else body["ranking_root"]


def _story_redraw(story: Story) -> None:
    """What a redraw replaces was aborted or superseded before, where the ledger at hand reaches back that far."""
    supersedes, seal = story.draw.commitment["supersedes"], story.of("seal")[0]
    before = [entry for entry in story.all if entry["seq"] < seal["seq"]]
    ends = [entry for entry in before if entry["kind"] in ("abort", "supersession")]
    told = [entry["body"]["commitment_digest"] for entry in ends if "body" in entry]
    whole = story.all[0]["seq"] == 1 and len(told) == len(ends)
    if supersedes is not None and supersedes not in told and whole:
        raise Broken("台账中被取代的抽取既未中止也未被取代", "the draw replaced was neither aborted nor superseded in the ledger")
    for entry in before:
        body = entry.get("body", {})
        if entry["kind"] == "seal" and supersedes is not None and body.get("commitment_digest") == supersedes:
            same(body["attempt"] + 1, story.draw.commitment["attempt"], "抽取次数", "attempt")


def _story_release(story: Story) -> None:
    """A full transcript that was released is the one released."""
    kept = {name: value for name, value in story.draw.document.items() if name not in ("ledger", "replacements", "signature")}
    released = [body["transcript_digest"] for body in story.bodies("release") if body["audience"] == "entitled"]
    if released and story.draw.hash(canonical(kept)).hex() not in released:
        raise Broken("本文件不是台账所载下发的文件", "this is not the document that the ledger says was released")


POINTS: Dict[str, Text] = {
    "sealed": ("已封存", "sealed"),
    "executed": ("已执行", "executed"),
    "superseded": ("已执行，其后被取代", "executed, superseded since"),
    "aborted": ("已中止", "aborted"),
}


def check_ledger(draw: Draw) -> Finding:
    """The entries are an unbroken chain and say of this draw what the transcript says."""
    inside, point = draw.document.get("ledger", []), ""
    if inside:
        check_chain(inside, "ledger")
        point = check_story(draw, inside)
    beside: Text = ("", "")
    if draw.outside is not None:
        beside, found = _outside(draw, inside)
        point = found or point
    if not point:
        return unchecked(f"文件未附台账{beside[0]}", f"the file has no ledger{beside[1]}")
    entries = entries_of(draw)
    own, head = Story(draw, entries), entries[-1]
    told: Text = (
        f"第 {entries[0]['seq']}–{head['seq']} 条相连，本次抽取 {len(own.own)} 条（{own.withheld} 条内容未公开），{POINTS[point][0]}；末条摘要 {head['digest']}",
        f"entries {entries[0]['seq']}–{head['seq']} are chained, {len(own.own)} of this draw ({own.withheld} withheld), {POINTS[point][1]}; head {head['digest']}",
    )
    return Finding(told, (f"每一条的摘要与本文件{beside[0]}", f"the digest of every entry, and this file{beside[1]}"))


# ---- a ledger, or a head of it, given beside the transcript


def _outside(draw: Draw, inside: List[Json]) -> Tuple[Text, str]:
    """What the ledger beside the transcript adds; empty where it cannot be related to this draw."""
    outside = draw.outside
    if type(outside) is dict and "entries" not in outside:
        shape(outside, "ledger head", HEAD_FILE, {"signature": is_object})
        _signed(outside, draw.expected_key)
        return _against_head(inside, outside), ""
    shape(outside, "ledger file", BOOK, {"signature": is_object})
    shape(outside["head"], "ledger file head", BOOK_HEAD)
    entries = outside["entries"]
    check_chain(entries, "entries")
    same({"digest": entries[-1]["digest"], "seq": entries[-1]["seq"]}, outside["head"], "台账末条", "head of the ledger")
    _signed(outside, draw.expected_key)
    _same_chain(inside, entries)
    return _story_outside(draw, inside, entries)


def _story_outside(draw: Draw, inside: List[Json], entries: List[Json]) -> Tuple[Text, str]:
    names = [entry["draw_id"] for entry in entries if entry["kind"] == "seal"]
    sealed = [entry["seq"] for entry in inside if entry["draw_id"] == draw.commitment["draw_id"]]
    if draw.commitment["draw_id"] in names:
        return ("；另与所给台账一致", "; and agrees with the ledger given"), check_story(draw, entries)
    if entries[0]["seq"] == 1 and (not sealed or sealed[0] <= entries[-1]["seq"]):
        raise Broken("所给台账中没有本次抽取的封存", "the ledger given has no seal of this draw")
    return ("；所给台账不含本次抽取的时段", "; the ledger given does not cover this draw"), ""


def _same_chain(inside: List[Json], outside: List[Json]) -> None:
    """Two pieces of the ledger agree wherever they overlap or touch."""
    known = {entry["seq"]: entry["digest"] for entry in outside}
    known.setdefault(outside[0]["seq"] - 1, outside[0]["previous"])
    for entry in inside:
        if entry["seq"] in known:
            same(known[entry["seq"]], entry["digest"], f"台账第 {entry['seq']} 条", f"ledger entry {entry['seq']}")
        if entry["seq"] - 1 in known:
            same(
                known[entry["seq"] - 1],
                entry["previous"],
                f"台账第 {entry['seq']} 条所接的摘要",
                f"digest before ledger entry {entry['seq']}",
            )


def _against_head(inside: List[Json], head: Json) -> Text:
    known = {entry["seq"]: entry["digest"] for entry in inside}
    if inside and inside[0]["previous"]:
        known[inside[0]["seq"] - 1] = inside[0]["previous"]
    if head["seq"] not in known:
        return (
            "；所给台账末条不在文件所附范围内，未比对",
            "; the head given lies outside the entries in the file and was not compared",
        )
    same(known[head["seq"]], head["digest"], f"台账第 {head['seq']} 条", f"ledger entry {head['seq']}")
    return "；与所给台账末条一致", "; agrees with the head given"


# ---- replacements


def check_replacements(draw: Draw) -> Finding:
    """Whoever was replaced was replaced by the next reserve, or by a draw of its own in the same chain."""
    acts = [entry for entry in entries_of(draw) if entry["kind"] == "replacement"]
    acts = [entry for entry in acts if entry["draw_id"] == draw.commitment["draw_id"]]
    open_ = all("body" in entry for entry in acts)
    compared: Text = ("台账中的更换", "replacements in the ledger")
    if draw.kind == "inspector":
        return _replay_teams(draw, acts if entries_of(draw) and open_ else None)
    if not entries_of(draw):
        return unchecked("对象的更换只载于台账，文件未附", "replacements of objects stand in the ledger only, which is absent")
    if not open_:
        return unchecked("更换条目的内容未公开", "the replacement entries are withheld")
    _replay_objects(draw, [entry["body"] for entry in acts])
    return Finding(
        (f"{len(acts)} 次更换，均为同层下一备选", f"{len(acts)} replacements, each by the next reserve of its stratum"),
        compared,
    )


def _replay_objects(draw: Draw, acts: List[Json]) -> None:
    result = draw.document["result"]
    active = {entry["unit_id"]: entry["stratum"] for entry in result["selected"]}
    waiting: Dict[str, List[str]] = {}
    for entry in result["reserves"]:
        waiting.setdefault(entry["stratum"], []).append(entry["unit_id"])
    for body in acts:
        shape(body, "replacement", BODIES["replacement"])
        if active.pop(body["outgoing"], None) != body["stratum"]:
            raise Broken(
                f"被更换的 {body['outgoing']!r} 不在该层选中之列",
                f"{body['outgoing']!r}, who was replaced, is not active in that stratum",
            )
        if not waiting.get(body["stratum"]):
            raise Broken(f"{body['stratum']} 已无备选", f"no reserve is left in {body['stratum']}")
        same(waiting[body["stratum"]].pop(0), body["incoming"], "下一备选", "next reserve")
        active[body["incoming"]] = body["stratum"]
    if draw.view == "leaves" and any(waiting.values()):
        raise Broken("公开了未启用的备选", "a reserve is revealed that was not used")


def _replay_teams(draw: Draw, acts: Optional[List[Json]]) -> Finding:
    cores = list(draw.document.get("replacements", []))
    teams = {team["task"]: set(team["members"]) for team in draw.document["result"]["selected"]}
    done = 0
    for act in acts or []:
        shape(act["body"], "replacement", TEAM_REPLACEMENT)
        if act["body"]["replacement"] is None:
            _by_hand(act["body"], teams)
        else:
            _by_draw(draw, cores[done] if done < len(cores) else None, f"replacements[{done}]", teams, act["body"])
            done += 1
    if acts is not None:
        same(done, len(cores), "更换抽取的数目", "number of replacement draws")
        return Finding(
            (f"{len(acts)} 次更换，其中 {done} 次抽取", f"{len(acts)} replacements, {done} by draw"),
            ("台账中的更换", "replacements in the ledger"),
        )
    for number, core in enumerate(cores):
        _by_draw(draw, core, f"replacements[{number}]", teams, None)
    if not cores:
        return unchecked("文件未附更换，也未附台账", "no replacement is in the file, and no ledger")
    return Finding(
        (f"{len(cores)} 次更换抽取，按文件顺序", f"{len(cores)} replacement draws, in the order of the file"),
        ("各次抽取；未与台账比对", "each of them; not compared with a ledger"),
    )


def _leave(teams: Dict[str, Set[str]], task: Any, outgoing: Any) -> Set[str]:
    team = teams.get(task, set())
    if outgoing not in team:
        raise Broken(f"{outgoing!r} 不在任务 {task!r} 的检查组中", f"{outgoing!r} is not in the team of {task!r}")
    team.remove(outgoing)
    return team


def _by_hand(body: Json, teams: Dict[str, Set[str]]) -> None:
    team = _leave(teams, body["task"], body["outgoing"])
    if body["ground"] != "POOL_INSUFFICIENT" or body["incoming"] in team | {body["outgoing"]}:
        raise Broken(
            "人工指派只限 POOL_INSUFFICIENT，且须为组外人员",
            "assigned by hand without POOL_INSUFFICIENT, or somebody of the team",
        )
    team.add(body["incoming"])


def _by_draw(draw: Draw, core: Any, where: str, teams: Dict[str, Set[str]], body: Optional[Json]) -> None:
    sub = _sub_draw(draw, core, where)
    replaces, team = sub.parameters["replaces"], sub.document["result"]["selected"][0]
    same(draw.digest.hex(), replaces["commitment_digest"], f"{where} 所属抽取", f"draw that {where} belongs to")
    rest, incoming = _leave(teams, replaces["task"], replaces["outgoing"]), team["members"][0]
    same(sorted(rest), replaces["kept"], f"{where} 的留任者", f"those who stay in {where}")
    if body is not None:
        found = [sub.digest.hex(), replaces["task"], replaces["outgoing"], incoming]
        same(
            found,
            [body["replacement"], body["task"], body["outgoing"], body["incoming"]],
            f"{where} 与台账",
            f"{where} and the ledger",
        )
    rest.add(incoming)


def _sub_draw(draw: Draw, core: Any, where: str) -> Draw:
    """Check one replacement draw as a draw of its own; its failures are named by the place where it stands."""
    if type(core) is not dict or type(core.get("commitment")) is not dict:
        raise Broken(f"{where} 缺失或不是抽取记录", f"{where} is missing or no transcript")
    sub = Draw(core, {"entries": entries_of(draw)})
    try:
        _form(sub, {})
        if (sub.kind, sub.view, sub.opened) != (draw.kind, draw.view, True) or "replaces" not in sub.parameters:
            raise Broken("不是与本文件同类的更换抽取", "not a replacement draw of the same form as this file")
        for step in steps_of(sub)[:-3]:
            step.check(sub)
        if entries_of(draw):
            check_story(sub, entries_of(draw))
    except Broken as broken:
        raise Broken(f"{where}：{broken.zh}", f"{where}: {broken.en}") from broken
    return sub


# ---- signature

SIGNATURE: Shape = {
    "algorithm": constant("ed25519", "sm2"),
    "key_id": lambda value: is_key(value) and len(value) == 16,
    "public_key": is_key,
    "value": is_key,
}


def _signed(document: Json, expected: Optional[bytes]) -> Optional[str]:
    """Check the signature of a document and return its key's id; None if it is not signed."""
    if "signature" not in document:
        return None
    signature = document["signature"]
    shape(signature, "signature", SIGNATURE)
    key, value = bytes.fromhex(signature["public_key"]), bytes.fromhex(signature["value"])
    same(hashlib.sha256(key).hexdigest()[:16], signature["key_id"], "公钥编号", "id of the public key")
    if expected is not None and expected != key:
        raise Broken("文件所附公钥不是所给的公布公钥", "the key in the file is not the published key that was given")
    message = canonical({name: part for name, part in document.items() if name != "signature"})
    if signature["algorithm"] == "ed25519":
        valid = len(key) == 32 and ed25519_valid(key, message, value)
    else:
        valid = len(key) == 65 and key[0] == 4 and sm2_valid(key, message, value)
    if not valid:
        raise Broken("签名与文件不符", "the signature does not fit the document")
    return str(signature["key_id"])


def check_signature(draw: Draw | Book) -> Finding:
    """The document was issued by the holder of the key and has not been changed since."""
    key_id = _signed(draw.document, draw.expected_key)
    if key_id is None:
        return unchecked("文件未签名", "the file is not signed")
    algorithm = draw.document["signature"]["algorithm"]
    if draw.expected_key is None:
        compared: Text = (
            "文件自带的公钥；请与公布的编号比对",
            "the key inside the file; compare its id with the published one",
        )
    else:
        compared = ("所给的公布公钥", "the published key that was given")
    return Finding((f"{algorithm} 签名有效，公钥编号 {key_id}", f"{algorithm} signature is valid, key id {key_id}"), compared)


# ---------------------------------------------------------------- a ledger by itself


class Book:
    """A ledger under examination, and the earlier head or ledger that somebody kept."""

    def __init__(self, document: Json, earlier: Any = None, key: Optional[bytes] = None) -> None:
        self.document, self.earlier, self.expected_key = document, earlier, key

    @property
    def entries(self) -> List[Json]:
        """Its entries, which a check must have seen first."""
        return list(self.document["entries"])


BOOK: Shape = {"protocol": constant(LEDGER), "entries": is_filled, "head": is_object}
BOOK_HEAD: Shape = {"digest": is_digest, "seq": is_positive}
HEAD_FILE: Shape = {**BOOK_HEAD, "protocol": constant(LEDGER)}


def check_book_form(book: Book) -> Finding:
    """The fields of a ledger, and none besides."""
    shape(book.document, "ledger file", BOOK, {"signature": is_object})
    shape(book.document["head"], "ledger file head", BOOK_HEAD)
    return Finding(("台账", "ledger"), (f"协议 {LEDGER} 的字段", f"fields of protocol {LEDGER}"))


def check_book_chain(book: Book) -> Finding:
    """Every entry is bound to the one before it, up to the stated head."""
    entries, head = book.entries, book.document["head"]
    check_chain(entries, "entries")
    same({"digest": entries[-1]["digest"], "seq": entries[-1]["seq"]}, head, "台账末条", "head of the ledger")
    closed = sum("body" not in entry for entry in entries)
    return Finding(
        (
            f"第 {entries[0]['seq']}–{head['seq']} 条相连（{closed} 条内容未公开），末条摘要 {head['digest']}",
            f"entries {entries[0]['seq']}–{head['seq']} are chained ({closed} withheld), head {head['digest']}",
        ),
        ("每一条的摘要与文件所载末条", "the digest of every entry, and the stated head"),
    )


def check_book_draws(book: Book) -> Finding:
    """Each draw went its course, and whatever was given up is replaced openly, once, by the next attempt."""
    entries = book.entries
    if entries[0]["seq"] != 1:
        return unchecked(
            "台账不从第 1 条开始，较早的抽取未载", "the ledger does not begin at entry 1: earlier draws are not in it"
        )
    points: Dict[str, str] = {}
    digests: Dict[str, str] = {}
    attempts: Dict[str, int] = {}
    ended: Set[str] = set()
    for entry in entries:
        draw_id, kind, body = entry["draw_id"], entry["kind"], entry.get("body", {})
        point = points.get(draw_id, "planned")
        if kind not in COURSE[point]:
            raise Broken(
                f"台账第 {entry['seq']} 条：{kind} 不能出现在此处", f"ledger entry {entry['seq']}: no {kind} may stand here"
            )
        points[draw_id] = COURSE[point][kind]
        _of_one_draw(entry, digests)
        if kind == "seal" and body:
            _next_attempt(entry, attempts, ended)
        if kind in ("abort", "supersession") and body:
            ended.add(body["commitment_digest"])
    reached = Counter(points.values())
    return Finding(
        (
            "；".join(f"{reached[point]} 次抽取{POINTS[point][0]}" for point in POINTS if reached[point]),
            "; ".join(f"{reached[point]} draw(s) {POINTS[point][1]}" for point in POINTS if reached[point]),
        ),
        ("抽取的次序与取代关系", "the course of a draw, and what each redraw says that it replaces"),
    )


def _of_one_draw(entry: Json, digests: Dict[str, str]) -> None:
    stated = entry.get("body", {}).get("commitment_digest")
    if stated is None:
        return
    if entry["kind"] == "seal" and stated in digests.values():
        raise Broken(f"台账第 {entry['seq']} 条：同一承诺封存两次", f"ledger entry {entry['seq']}: a commitment is sealed twice")
    known = digests.setdefault(entry["draw_id"], stated)
    same(known, stated, f"台账第 {entry['seq']} 条的承诺摘要", f"commitment digest in ledger entry {entry['seq']}")


def _next_attempt(entry: Json, attempts: Dict[str, int], ended: Set[str]) -> None:
    body, seq = entry["body"], entry["seq"]
    attempts[body["commitment_digest"]] = body["attempt"]
    supersedes = body["supersedes"]
    if supersedes is None:
        same(1, body["attempt"], f"台账第 {seq} 条的次数", f"attempt in ledger entry {seq}")
        return
    if supersedes not in ended:
        raise Broken(
            f"台账第 {seq} 条：被取代的抽取此前未中止，或已被取代过",
            f"ledger entry {seq}: the draw replaced was not given up before, or is replaced a second time",
        )
    ended.remove(supersedes)
    same(attempts.get(supersedes, 0) + 1, body["attempt"], f"台账第 {seq} 条的次数", f"attempt in ledger entry {seq}")


def check_book_earlier(book: Book) -> Finding:
    """The ledger goes on from the head that somebody kept."""
    earlier, entries = book.earlier, book.entries
    if earlier is None:
        return unchecked("未给出此前留存的链头或台账", "no earlier head or ledger was given")
    if type(earlier) is dict and "entries" in earlier:
        older = Book(earlier, None, book.expected_key)
        check_book_form(older)
        check_book_chain(older)
        _signed(earlier, book.expected_key)
        kept = {entry["seq"]: entry["digest"] for entry in older.entries}
    else:
        shape(earlier, "earlier head", HEAD_FILE, {"signature": is_object})
        _signed(earlier, book.expected_key)
        kept = {earlier["seq"]: earlier["digest"]}
    known = {entry["seq"]: entry["digest"] for entry in entries}
    known.setdefault(entries[0]["seq"] - 1, entries[0]["previous"])
    for seq in sorted(kept):
        if seq > entries[-1]["seq"]:
            raise Broken(
                f"台账止于第 {entries[-1]['seq']} 条，短于此前留存的第 {seq} 条：尾部被删去，或出示的是旧台账",
                f"the ledger ends at entry {entries[-1]['seq']}, before entry {seq} that was kept: cut, or an old one shown again",
            )
        if seq in known:
            same(known[seq], kept[seq], f"台账第 {seq} 条", f"ledger entry {seq}")
    if max(kept) not in known:
        return unchecked("此前留存的链头早于本文件所载", "the head kept is older than the entries in the file")
    return Finding(
        (f"第 {max(kept)} 条与留存者相同", f"entry {max(kept)} is the one that was kept"),
        ("此前留存的链头或台账", "the head or ledger kept before"),
    )


# ---------------------------------------------------------------- the whole check

Check = Callable[[Any], Finding]


class Step(NamedTuple):
    """One step: its name in both languages and what carries it out."""

    name: str
    title: Text
    check: Check


BOOK_STEPS = [
    Step("form", ("文件形式", "form of the file"), check_book_form),
    Step("ledger", ("台账", "ledger"), check_book_chain),
    Step("attempts", ("历次抽取", "every attempt"), check_book_draws),
    Step("earlier", ("与此前留存者一致", "consistent with what was kept"), check_book_earlier),
    Step("signature", ("签名", "signature"), check_signature),
]


def steps_of(draw: Draw) -> List[Step]:
    """The steps that a document of this kind and view goes through, in order; the last three look beyond it."""
    shown, objects = draw.view != "membership", draw.kind == "object"
    steps = [
        Step("commitment", ("承诺", "commitment"), check_commitment),
        Step("redraw", ("抽取次数", "attempts"), check_redraw),
        Step("entropy", ("熵源计划", "entropy plan"), check_entropy),
        *([Step("frame", ("抽样框", "frame"), check_frame)] if shown else []),
        Step("allocation", ("配额", "allocation"), check_allocation)
        if objects
        else Step("tasks", ("任务", "tasks"), check_tasks),
        *([Step("exclusions", ("排除", "exclusions"), check_exclusions)] if shown else []),
        *(_opened_steps(draw) if draw.opened else [Step("embargo", ("结果", "result"), check_embargo)]),
        Step("ledger", ("台账", "ledger"), check_ledger),
    ]
    if shown and draw.opened:
        steps.append(Step("replacements", ("更换", "replacements"), check_replacements))
    return [*steps, Step("signature", ("签名", "signature"), check_signature)]


def _opened_steps(draw: Draw) -> List[Step]:
    return [
        Step("contributions", ("各方提交值", "contributions"), check_contributions),
        Step("secret", ("服务器秘密", "server secret"), check_secret),
        Step("seed", ("种子", "seed"), check_seed),
        *([] if draw.view == "frame" else [Step("inclusion", ("成员证明", "inclusion proofs"), check_inclusion)]),
        *_result_steps(draw),
    ]


def _result_steps(draw: Draw) -> List[Step]:
    if draw.view == "membership":
        return [Step("rank", ("位次", "rank"), check_rank)]
    if draw.kind == "inspector":
        return [Step("teams", ("检查组", "teams"), check_teams)]
    hidden = [Step("hidden", ("未公开单位", "hidden units"), check_hidden)] if draw.view == "leaves" else []
    return [
        Step("selection", ("选中", "selection"), check_selection),
        Step("reserves", ("备选", "reserves"), check_reserves),
        Step("certificates", ("证书", "certificates"), check_certificates),
        *hidden,
    ]


# ---------------------------------------------------------------- report

TITLE_OF_FORM: Text = ("文件形式", "form of the file")


class Line(NamedTuple):
    """One line of the report."""

    step: str
    title: Text
    state: str
    finding: Finding


class Report:
    """What was found, step by step; ``status`` is ``holds``, ``fails`` or ``unreadable``."""

    def __init__(self) -> None:
        self.lines: List[Line] = []
        self.status = "holds"
        self.failure: Optional[Tuple[str, Text]] = None
        self.result: Json = {}

    def add(self, step: str, title: Text, finding: Finding) -> None:
        """Note a step that was carried out, or that could not be."""
        self.lines.append(Line(step, title, "holds" if finding.checked else "unchecked", finding))

    def fail(self, step: str, title: Text, broken: Text) -> None:
        """Note the first step that does not hold."""
        self.lines.append(Line(step, title, "fails", Finding(broken)))
        self.status, self.failure = "fails", (step, broken)

    def refuse(self, words: Text) -> None:
        """Note that the file cannot be read."""
        self.status, self.failure = "unreadable", ("file", words)

    @property
    def exit_status(self) -> int:
        """0 holds, 1 does not hold, 2 unreadable."""
        return {"holds": 0, "fails": 1, "unreadable": 2}[self.status]

    def as_json(self) -> Json:
        """The report for a program."""
        return {
            "failure": {"step": self.failure[0], "zh": self.failure[1][0], "en": self.failure[1][1]} if self.failure else None,
            "not_checked": [line.step for line in self.lines if line.state == "unchecked"],
            "status": self.status,
            "steps": [
                {
                    "compared": {"zh": line.finding.compared[0], "en": line.finding.compared[1]},
                    "recomputed": {"zh": line.finding.recomputed[0], "en": line.finding.recomputed[1]},
                    "state": line.state,
                    "step": line.step,
                }
                for line in self.lines
            ],
        }

    def as_text(self, language: int) -> str:
        """The report for a person; language 0 is Chinese, 1 English."""
        return "\n".join([*self._step_lines(language), "", self._conclusion(language)])

    def _step_lines(self, language: int) -> Iterator[str]:
        marks = {
            "holds": ("成立  ", "holds      "),
            "fails": ("不成立", "DOES NOT HOLD"),
            "unchecked": ("未核验", "not checked"),
        }
        for number, line in enumerate(self.lines, 1):
            text = f"{number:2}. {marks[line.state][language]}  {line.title[language]}: {line.finding.recomputed[language]}"
            compared = line.finding.compared[language]
            yield text + (f"  =  {compared}" if compared else "")

    def _conclusion(self, language: int) -> str:
        if self.failure is not None:
            step, words = self.failure
            if self.status == "unreadable":
                return ("无法读取：", "Unreadable: ")[language] + words[language]
            return (f"核验不通过。第一处不成立（{step}）：", f"Does not hold. First, at step {step}: ")[language] + words[
                language
            ]
        open_ = [line.title[language] for line in self.lines if line.state == "unchecked"]
        verdict = ("核验通过：文件所载各项均成立。", "Verified: everything the file states holds.")[language]
        return verdict + (("未核验：", " Not checked: ")[language] + ", ".join(open_) if open_ else "")


def verify(raw: bytes, ledger: Optional[bytes] = None, key: Optional[bytes] = None) -> Report:
    """Check a transcript, optionally against the whole ledger and the published public key; or a ledger itself.

    With a ledger as ``raw``, ``ledger`` is an earlier head or an earlier ledger from which it must go on.
    """
    report = Report()
    try:
        _run(report, read_json(raw), None if ledger is None else read_json(ledger), key)
    except Unreadable as refused:
        report.refuse((refused.zh, refused.en))
    return report


def _run(report: Report, document: Any, ledger: Any, key: Optional[bytes]) -> None:
    if type(document) is dict and document.get("protocol") == LEDGER and "entries" in document:
        book = Book(document, ledger, key)
        all(_step(report, book, step) for step in BOOK_STEPS)
        return
    commitment = document.get("commitment") if type(document) is dict else None
    if type(commitment) is not dict or commitment.get("protocol") != PROTOCOL:
        raise Unreadable(
            f"不是协议 {PROTOCOL} 的抽取记录，也不是台账", f"neither a transcript of protocol {PROTOCOL} nor a ledger"
        )
    draw = Draw(document, ledger, key)
    if _step(report, draw, Step("form", TITLE_OF_FORM, check_form)):
        all(_step(report, draw, step) for step in steps_of(draw))


def _step(report: Report, draw: Draw | Book, step: Step) -> bool:
    try:
        report.add(step.name, step.title, step.check(draw))
    except Broken as broken:
        report.fail(step.name, step.title, (broken.zh, broken.en))
        return False
    return True


# ---------------------------------------------------------------- command line


def _arguments(argv: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="verify_draw.py", description="Check a ccc-draw/1 transcript offline. 离线核验 ccc-draw/1 抽取记录。"
    )
    parser.add_argument("transcript", help="transcript, full or redacted, or a ledger 抽取记录（完整版或公开版）或台账")
    parser.add_argument("--ledger", help="the published ledger, or a head kept earlier 公布的台账，或此前留存的链头")
    parser.add_argument("--key", metavar="HEX", help="the published public key 公布的公钥")
    parser.add_argument("--json", action="store_true", help="report for a program 机器可读的结果")
    preset = "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"
    parser.add_argument("--lang", choices=("zh", "en"), default=preset)
    return parser.parse_args(argv)


def _file(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{path}：{error.strerror}", f"{path}: {error.strerror}") from error


def _checked(options: argparse.Namespace) -> Report:
    report = Report()
    try:
        key = None if options.key is None else bytes.fromhex(options.key)
        ledger = None if options.ledger is None else _file(options.ledger)
        return verify(_file(options.transcript), ledger, key)
    except Unreadable as refused:
        report.refuse((refused.zh, refused.en))
    except ValueError:
        report.refuse(("--key 不是十六进制", "--key is not hexadecimal"))
    return report


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Check the files named on the command line, print the report, return the exit status."""
    gc.disable()  # a short life of many small values without cycles: collecting doubles the time
    options = _arguments(argv)
    report = _checked(options)
    if options.json:
        text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    else:
        text = report.as_text(0 if options.lang == "zh" else 1)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    return report.exit_status


if __name__ == "__main__":
    sys.exit(main())
