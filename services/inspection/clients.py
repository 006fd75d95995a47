"""The evidence store: a file is received under a temporary key, then stored under a key that nothing can overwrite."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from services.inspection.settings import settings
from shared.core.canonical import SHA_256, SM3, hasher
from shared.core.errors import BodyTooLarge

if TYPE_CHECKING:
    from obstore.store import ObjectStore

HEAD_BYTES = 8192
TAIL_BYTES = 65536
"""Enough of the end to contain the directory of a zip container, which names its entries."""


@dataclass(frozen=True)
class ReceivedFile:
    """A received file: its size in bytes, digests in hex, first and last bytes."""

    key: str
    size: int
    sha256: str
    sm3: str
    head: bytes
    tail: bytes


@lru_cache
def store() -> "ObjectStore":
    """The store of this process, at INSPECTION_EVIDENCE_URL."""
    from obstore.store import from_url  # noqa: PLC0415  (5 MB, needed from the first piece of evidence on)

    url = settings().evidence_url
    if url.startswith("s3://"):
        return from_url(url, config={"copy_if_not_exists": "multipart"})
    return from_url(url, mkdir=True)


async def receive(chunks: AsyncIterator[bytes], key: str, limit: int) -> ReceivedFile:
    """Receive a file under the temporary key `key`, in constant memory.

    Raises:
        BodyTooLarge: it has more than `limit` bytes; nothing of it is stored.
    """
    from obstore import open_writer_async  # noqa: PLC0415  (as above)

    sha256, sm3 = hasher(SHA_256), hasher(SM3)
    size, head, tail = 0, b"", b""
    writer = open_writer_async(store(), key)
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            break
        sha256.update(chunk)
        sm3.update(chunk)
        head, tail = _head(head, chunk), (tail + chunk)[-TAIL_BYTES:]
        await writer.write(chunk)
    await writer.close()
    if size > limit:
        await discard(key)
        raise BodyTooLarge(max_bytes=limit)
    return ReceivedFile(key, size, sha256.digest().hex(), sm3.digest().hex(), head, tail)


def _head(head: bytes, chunk: bytes) -> bytes:
    return head if len(head) >= HEAD_BYTES else (head + chunk)[:HEAD_BYTES]


async def store_as(received: ReceivedFile, key: str) -> None:
    """Move a received file to its permanent key.

    Raises:
        obstore.exceptions.AlreadyExistsError: the key exists; nothing is overwritten.
    """
    await store().rename_async(received.key, key, overwrite=False)


async def discard(key: str) -> None:
    """Delete a received file."""
    await store().delete_async(key)


async def read_chunks(key: str) -> AsyncIterator[bytes]:
    """The bytes of a stored file, in chunks."""
    stored = await store().get_async(key)
    async for chunk in stored.stream():
        yield bytes(chunk)
