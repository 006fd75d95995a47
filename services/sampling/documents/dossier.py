"""The dossier of a draw (抽取卷宗): one ZIP with all that a stranger needs to check it offline; same state, same bytes."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.sampling.documents.record import record
from services.sampling.draw.ledger import PROTOCOL
from services.sampling.draw.signatures import Signer, signed
from services.sampling.rules import verifiers
from services.sampling.rules.issued_documents import Act
from shared.core.canonical import SHA_256, SM3, canonical, hexdigest

RECORD: Final = "record.pdf"
SUMS: Final = "SHA256SUMS"
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o644 << 16


def dossier(document: Mapping[str, Any], campaign: Mapping[str, str], acts: Sequence[Act], signer: Signer) -> bytes:
    """The ZIP of a transcript, full or redacted, that has a ledger and is not signed yet."""
    transcript = signed(document, signer)
    files = {
        "transcript.json": canonical(transcript),
        "ledger.json": canonical(signed(_extract(document["ledger"]), signer)),
        **{name: verifiers.content(name) for name in (*verifiers.NAMES, verifiers.GUIDE)},
    }
    digests = [[name, hexdigest(SHA_256, content), hexdigest(SM3, content)] for name, content in files.items()]
    files[RECORD] = record(transcript, campaign, acts, digests)
    files[SUMS] = "".join(f"{hexdigest(SHA_256, content)}  {name}\n" for name, content in files.items()).encode()
    return _packed(files)


def _extract(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    head = entries[-1]
    return {"entries": list(entries), "head": {"digest": head["digest"], "seq": head["seq"]}, "protocol": PROTOCOL}


def _packed(files: Mapping[str, bytes]) -> bytes:
    """Stored, not compressed: what a compressor gives differs from machine to machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, content)
    return packed.getvalue()
