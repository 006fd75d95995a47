from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sampling.draw import signatures, sm2
from services.sampling.draw.errors import InvalidSignature
from services.sampling.draw.signatures import SIGNERS, check_signature, key_id, signed

DOCUMENT = {"seed": "ab", "commitment": {"attempt": 1}, "名": ["八闽"]}
# Example of GB/T 32918.5-2017, annex A.2: SM2 on the recommended curve, user id 1234567812345678.
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
FIELD = int("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF", 16)
ORDER = int("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123", 16)


@pytest.fixture(params=sorted(SIGNERS))
def signer(request: pytest.FixtureRequest) -> signatures.Signer:
    return SIGNERS[request.param](bytes(range(1, 33)))


def test_the_example_of_the_standard_verifies() -> None:
    assert sm2.public_key(PRIVATE) == PUBLIC
    assert sm2.verify(PUBLIC, b"message digest", SIGNATURE)
    assert not sm2.verify(PUBLIC, b"message digesT", SIGNATURE)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 2**250), st.binary(max_size=50))
def test_sm2_signatures_of_any_key_and_message_verify(key: int, message: bytes) -> None:
    private = key.to_bytes(32)
    value = sm2.sign(private, message)
    assert sm2.verify(sm2.public_key(private), message, value)
    assert not sm2.verify(sm2.public_key(private), message + b"x", value)


def test_a_public_key_with_leading_zeros_and_fours_stays_whole() -> None:
    for key in (k.to_bytes(32) for k in range(1, 2000)):
        if sm2.public_key(key)[1] in {0x00, 0x04, 0x40, 0x44}:
            assert sm2.verify(sm2.public_key(key), b"m", sm2.sign(key, b"m"))
            return
    pytest.fail("no such key in the range")


@pytest.mark.parametrize("number", [0, ORDER - 1, ORDER])
def test_a_number_that_is_no_sm2_key_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not an SM2 private key"):
        sm2.public_key(number.to_bytes(32))


@pytest.mark.parametrize(
    ("public", "value"),
    [
        (PUBLIC, b""),
        (PUBLIC, bytes(64)),
        (PUBLIC, SIGNATURE[:32] + bytes(32)),
        (PUBLIC, SIGNATURE[:32] + ORDER.to_bytes(32)),
        (PUBLIC[:-1] + b"\x14", SIGNATURE),
        (b"\x03" + PUBLIC[1:], SIGNATURE),
        (PUBLIC[1:], SIGNATURE),
        (b"\x04" + FIELD.to_bytes(32) + PUBLIC[33:], SIGNATURE),
    ],
)
def test_malformed_sm2_keys_and_values_do_not_verify(public: bytes, value: bytes) -> None:
    assert not sm2.verify(public, b"message digest", value)


def test_a_signature_that_leads_to_the_point_at_infinity_does_not_verify() -> None:
    t = 7  # s + t * d = 0, which only the holder of the key could make up
    s = -t * int.from_bytes(PRIVATE) % ORDER
    assert not sm2.verify(PUBLIC, b"m", ((t - s) % ORDER).to_bytes(32) + s.to_bytes(32))


def test_a_signed_document_names_its_key_and_verifies(signer: signatures.Signer) -> None:
    document = signed(DOCUMENT, signer)
    assert document["signature"].keys() == {"algorithm", "key_id", "public_key", "value"}
    assert check_signature(document) == key_id(signer.public_key)


def test_signing_twice_gives_the_same_document(signer: signatures.Signer) -> None:
    assert signed(signed(DOCUMENT, signer), signer) == signed(DOCUMENT, signer)


@pytest.mark.parametrize("member", ["seed", "commitment", "名"])
def test_a_changed_document_is_refused(signer: signatures.Signer, member: str) -> None:
    with pytest.raises(InvalidSignature):
        check_signature({**signed(DOCUMENT, signer), member: "x"})


def _flipped(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


@pytest.mark.parametrize("member", ["algorithm", "key_id", "public_key", "value"])
@pytest.mark.parametrize("change", [_flipped, str.upper, lambda _: "", lambda _: None, lambda _: []])
def test_a_changed_signature_is_refused(signer: signatures.Signer, member: str, change: Any) -> None:
    document = signed(DOCUMENT, signer)
    document["signature"] = {**document["signature"], member: change(document["signature"][member])}
    if document == signed(DOCUMENT, signer):
        pytest.fail("nothing was changed")
    with pytest.raises(InvalidSignature):
        check_signature(document)


@pytest.mark.parametrize("signature", [None, {}, "x", {"algorithm": "ed25519"}])
def test_a_document_without_a_signature_is_refused(signature: Any) -> None:
    with pytest.raises(InvalidSignature):
        check_signature({**DOCUMENT, "signature": signature})
    with pytest.raises(InvalidSignature):
        check_signature(DOCUMENT)
