import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core import canonical as module
from shared.core.canonical import NotCanonicalError, UnknownHashError, canonical, digest, fingerprint, hasher, hexdigest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LIMIT = 2**53
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(1 - LIMIT, LIMIT - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def test_keys_stand_in_the_order_of_the_rfc() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = json.loads(canonical(dict.fromkeys(keys)), object_pairs_hook=lambda pairs: [key for key, _ in pairs])
    assert ordered == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_text_is_escaped_as_in_the_rfc() -> None:
    value = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/\u007f"
    assert canonical(value) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f"'.encode()


def test_there_is_no_white_space_and_literals_are_short() -> None:
    assert canonical({"b": [True, False, None, -1], "a": {}}) == b'{"a":{},"b":[true,false,null,-1]}'


@given(DOCUMENTS)
def test_reading_it_back_gives_the_value(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXTS, st.integers(0, 9)), st.randoms())
def test_the_order_of_insertion_does_not_matter(value: dict[str, int], chance: Any) -> None:
    pairs = list(value.items())
    chance.shuffle(pairs)
    assert canonical(dict(pairs)) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), LIMIT, -LIMIT, b"x", {1: "a"}, {"a": 1, 2: "b"}, {"a": [0.5]}, "\ud800", {"\udfff": 1}, {1, 2}],
)
def test_what_two_languages_could_write_differently_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_the_largest_integers_are_accepted() -> None:
    assert canonical([LIMIT - 1, 1 - LIMIT]) == b"[9007199254740991,-9007199254740991]"


def test_sm3_gives_the_digest_of_the_standards_example() -> None:
    assert hexdigest("sm3", b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sha_256_is_that_of_hashlib() -> None:
    assert digest("sha-256", b"abc") == hashlib.sha256(b"abc").digest()


@given(st.binary(), st.binary())
def test_sm3_without_openssl_gives_the_same_digests(first: bytes, second: bytes) -> None:
    running = module._Sm3()
    running.update(first)
    further = running.copy()
    further.update(second)
    assert running.digest() == digest("sm3", first)
    assert further.digest() == digest("sm3", first + second)


@pytest.mark.parametrize("name", ["sha-256", "sm3"])
def test_a_copy_of_a_running_hash_goes_its_own_way(name: str) -> None:
    running = hasher(name, b"a")
    other = running.copy()
    other.update(b"b")
    assert (running.digest(), other.digest()) == (digest(name, b"a"), digest(name, b"ab"))


def test_another_hash_is_refused() -> None:
    with pytest.raises(UnknownHashError):
        digest("md5", b"")


def test_a_fingerprint_is_the_digest_of_the_canonical_text() -> None:
    assert fingerprint("sha-256", {"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()
