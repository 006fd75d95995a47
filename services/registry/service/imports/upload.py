"""An uploaded file: streamed to disk, measured and hashed on the way."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from services.registry.errors import UnsupportedFileType
from services.registry.rules.faults import limit
from services.registry.sheets import CSV, format_of
from shared.errors import BodyTooLarge

_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A received file; `sha256` in hexadecimal."""

    file: IO[bytes]
    format: str
    sha256: str
    size: int


@asynccontextmanager
async def receiving(blocks: AsyncIterator[bytes], content_type: str) -> AsyncIterator[Upload]:
    """Take in a request's body; the file is gone at the end.

    Raises:
        UnsupportedFileType: neither CSV nor XLSX is announced.
        BodyTooLarge: larger than import_limits.json allows.
    """
    kind = format_of(content_type)
    if kind is None:
        raise UnsupportedFileType(pointer="header/Content-Type")
    most = limit("upload" if kind == CSV else "xlsx_upload")
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        async for block in blocks:
            size += len(block)
            if size > most:
                raise BodyTooLarge
            digest.update(block)
            file.write(block)
        yield Upload(file, kind, digest.hexdigest(), size)
