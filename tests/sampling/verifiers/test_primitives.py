"""The verifiers' own cryptography against libraries and standards."""

from __future__ import annotations

import ast
import hashlib
import os
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gmssl import sm2

from tests.sampling.verifiers import issued, makers
from tests.sampling.verifiers.browser import Browser
from tests.sampling.verifiers.verdicts import PAGE, PROGRAM, page_says, program, python_says, text


@pytest.mark.parametrize("length", [0, 3, 55, 56, 63, 64, 65, 119, 120, 1000])
def test_own_sm3_equals_the_platforms(length: int) -> None:
    data = os.urandom(length)
    assert program.sm3_pure(data) == hashlib.new("sm3", data).digest()


def test_ed25519_accepts_what_was_signed_and_nothing_else() -> None:
    key = Ed25519PrivateKey.generate()
    public, value = key.public_key().public_bytes_raw(), key.sign(b"draw")
    assert program.ed25519_valid(public, b"draw", value)
    assert not program.ed25519_valid(public, b"drawn", value)
    for bit in range(0, 512, 7):
        touched = (int.from_bytes(value, "little") ^ 1 << bit).to_bytes(64, "little")
        assert not program.ed25519_valid(public, b"draw", touched)


PRIVATE = "00B9AB0B828FF68872F21A837FC303668428DEA11DCD1B24429D0C99E24EED83D5"
POINT = (
    "B9C9A6E04E9C91F7BA880429273747D7EF5DDEB0BB2FF6317EB00BEF331A8308"
    "1A6994B8993F3F5D6EADDDB81872266C87C018FB4162F5AF347B483E24620207"
).lower()


@pytest.mark.browser
def test_a_document_signed_with_sm2_holds_until_it_is_touched(page: Browser) -> None:
    full = issued.object_issue(5)[0]
    document = {name: part for name, part in full.items() if name != "signature"}
    value = sm2.CryptSM2(public_key=POINT, private_key=PRIVATE).sign_with_sm3(makers.jcs(document))
    key_id = hashlib.sha256(bytes.fromhex("04" + POINT)).hexdigest()[:16]
    signature = {"algorithm": "sm2", "key_id": key_id, "public_key": "04" + POINT, "value": value}
    touched = {**signature, "value": f"{int(value[0], 16) ^ 1:x}{value[1:]}"}
    true, false = text({**document, "signature": signature}), text({**document, "signature": touched})
    assert [python_says(true), python_says(false)] == [("holds", ""), ("fails", "signature")]
    assert page_says(page, [(true, None), (false, None)]) == [("holds", ""), ("fails", "signature")]


def test_the_program_is_python_3_8_and_imports_the_standard_library_only() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "hashlib" in imported
    assert imported <= sys.stdlib_module_names


def test_the_page_names_no_address_outside_itself() -> None:
    source = PAGE.read_text(encoding="utf-8")
    assert "default-src 'none'" in source
    assert not [mark for mark in ("http:", "https:", "//cdn", "import(", "fetch(", "XMLHttpRequest", " src=") if mark in source]
