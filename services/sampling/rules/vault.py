"""Keys of this service: the server's secret at rest (AES-256-GCM, bound to its draw) and the key that signs documents."""

from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.sampling.draw.signatures import Ed25519Signer, Signer

NONCE_BYTES: Final = 12
_PURPOSE: Final = b"ccc sampling: signature of transcripts and ledger heads"


class Keys:
    """What is derived from the service's data key."""

    def __init__(self, data_key: bytes) -> None:
        """Derive from the 32 bytes of CCC_DATA_KEY."""
        self._data = AESGCM(data_key)
        self.signer: Signer = Ed25519Signer(HKDF(SHA256(), 32, None, _PURPOSE).derive(data_key))

    def locked(self, nonce: bytes, draw_id: str, secret: bytes) -> bytes:
        """The secret as it is stored: the nonce, then the ciphertext."""
        return nonce + self._data.encrypt(nonce, secret, draw_id.encode())

    def opened(self, draw_id: str, stored: bytes) -> bytes:
        """The secret of this draw.

        Raises:
            cryptography.exceptions.InvalidTag: another key, another draw, or a changed ciphertext.
        """
        return self._data.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], draw_id.encode())
