"""Signatures over documents: Ed25519, or SM2 where national algorithms are required (draw-protocol §8).

    {"algorithm": "ed25519", "key_id": "…", "public_key": "…", "value": "…"}

The value signs the canonical JSON of the document without `signature`; all in lower-case hex. `key_id` is the first 16
digits of the SHA-256 of the public key's bytes: a reader compares it with the one that the authority has published.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature as Mismatch
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.sampling.draw import sm2
from services.sampling.draw.errors import InvalidSignature
from services.sampling.draw.text import is_hex
from shared.core.canonical import SHA_256, canonical, hexdigest

_MEMBERS: Final = {"algorithm", "key_id", "public_key", "value"}


class Signer(Protocol):
    """Holder of a signing key: software here, a seal machine behind the same interface elsewhere."""

    @property
    def algorithm(self) -> str:
        """Name of the algorithm: `ed25519` or `sm2`."""

    @property
    def public_key(self) -> bytes:
        """Public key: 32 bytes of Ed25519, or 65 of SM2 (04 || x || y)."""

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature."""


class Ed25519Signer:
    """Ed25519 with a key of 32 bytes kept in memory."""

    algorithm: Final = "ed25519"

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public_key: Final = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature."""
        return self._key.sign(message)


class Sm2Signer:
    """SM2 with a key of 32 bytes kept in memory; about 10 ms a signature."""

    algorithm: Final = "sm2"

    def __init__(self, private: bytes) -> None:
        self._private = private
        self.public_key: Final = sm2.public_key(private)

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature."""
        return sm2.sign(self._private, message)


SIGNERS: Final[Mapping[str, Callable[[bytes], Signer]]] = {"ed25519": Ed25519Signer, "sm2": Sm2Signer}
"""Signer of a private key of 32 bytes, by the name of the algorithm."""


class _Scheme(NamedTuple):
    key_bytes: int
    verify: Callable[[bytes, bytes, bytes], bool]


def _verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except Mismatch:
        return False
    return True


_SCHEMES: Final = {"ed25519": _Scheme(32, _verify_ed25519), "sm2": _Scheme(65, sm2.verify)}


def key_id(public_key: bytes) -> str:
    """Short name of a key, to be compared with the published one."""
    return hexdigest(SHA_256, public_key)[:16]


def signed(document: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    """Document with its signature; a signature it may carry already is replaced."""
    content = {name: value for name, value in document.items() if name != "signature"}
    signature = {
        "algorithm": signer.algorithm,
        "key_id": key_id(signer.public_key),
        "public_key": signer.public_key.hex(),
        "value": signer.sign(canonical(content)).hex(),
    }
    return {**content, "signature": signature}


def check_signature(document: Mapping[str, Any]) -> str:
    """Key id of a document whose signature holds. Whether the key is the authority's own, the caller must know.

    Raises:
        InvalidSignature: there is none, it is malformed, or it does not fit.
    """
    signature = document.get("signature")
    if not isinstance(signature, dict) or signature.keys() != _MEMBERS or signature["algorithm"] not in list(SIGNERS):
        raise InvalidSignature("the signature is missing or malformed", pointer="/signature")
    scheme = _SCHEMES[signature["algorithm"]]
    if not is_hex(signature["public_key"], scheme.key_bytes) or not is_hex(signature["value"], 64):
        raise InvalidSignature("the key or the value is malformed", pointer="/signature")
    public = bytes.fromhex(signature["public_key"])
    content = {name: value for name, value in document.items() if name != "signature"}
    if signature["key_id"] != key_id(public):
        raise InvalidSignature("the key id is not that of the key", pointer="/signature/key_id")
    if not scheme.verify(public, canonical(content), bytes.fromhex(signature["value"])):
        raise InvalidSignature("the signature does not fit the document", pointer="/signature/value")
    return key_id(public)
