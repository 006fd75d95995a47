"""SM2 signatures with SM3 (GB/T 32918.2, default user id), their curve arithmetic taken from gmssl.

Keys and signatures are big-endian bytes: private 32, public 65 (04 || x || y), signature 64 (r || s).
"""

import hmac
from typing import Final

from gmssl.sm2 import CryptSM2, default_ecc_table

from shared.core.canonical import SM3, digest

_P: Final = int(default_ecc_table["p"], 16)
_N: Final = int(default_ecc_table["n"], 16)
_A: Final = int(default_ecc_table["a"], 16)
_B: Final = int(default_ecc_table["b"], 16)
_USER_ID: Final = b"1234567812345678"
_CURVE: Final = bytes.fromhex("".join(default_ecc_table[name] for name in "abg"))


def _curve(private: str = "", public: bytes = b"\x04") -> CryptSM2:
    # gmssl strips every leading 0 and 4 of a key that begins with "04"; set past its constructor, the key stays whole.
    curve = CryptSM2(private, "")
    curve.public_key = public[1:].hex()
    return curve


def public_key(private: bytes) -> bytes:
    """Public key of a private key.

    Raises:
        ValueError: the private key is not 32 bytes of a number from 1 to n - 2.
    """
    if len(private) != 32 or not 1 <= int.from_bytes(private) <= _N - 2:  # noqa: PLR2004  the size of the field
        raise ValueError("not an SM2 private key")
    return b"\x04" + bytes.fromhex(_curve()._kg(int.from_bytes(private), default_ecc_table["g"]))  # noqa: SLF001  no public name


def sign(private: bytes, message: bytes) -> bytes:
    """Signature of a message; the nonce follows from key and message, so no random generator can betray the key."""
    public = public_key(private)
    e, counter, value = _message_hash(public, message), 0, None
    while value is None:
        value = _curve(private.hex(), public).sign(e, f"{_nonce(private, e, counter):064x}")
        counter += 1
    return bytes.fromhex(value)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is of this message under this key; malformed keys and signatures are simply not."""
    if not _on_curve(public) or len(signature) != 64:  # noqa: PLR2004  r || s
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not (1 <= r < _N and 1 <= s < _N):
        return False
    try:
        return bool(_curve(public=public).verify(signature.hex(), _message_hash(public, message)))
    except TypeError:  # gmssl has no point at infinity: only a made-up signature leads there
        return False


def _message_hash(public: bytes, message: bytes) -> bytes:
    bits = (8 * len(_USER_ID)).to_bytes(2)
    return digest(SM3, digest(SM3, bits + _USER_ID + _CURVE + public[1:]) + message)


def _nonce(private: bytes, e: bytes, counter: int) -> int:
    """Give a number from 1 to n - 1; 512 bits reduced leave no bias that could be used."""
    return int.from_bytes(hmac.digest(private, e + counter.to_bytes(4), "sha512")) % (_N - 1) + 1


def _on_curve(public: bytes) -> bool:
    if len(public) != 65 or public[0] != 4:  # noqa: PLR2004  04 || x || y
        return False
    x, y = int.from_bytes(public[1:33]), int.from_bytes(public[33:])
    return x < _P and y < _P and (y * y - (x * x * x + _A * x + _B)) % _P == 0
