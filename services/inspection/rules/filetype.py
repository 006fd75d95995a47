"""The type of a file, detected from its content alone."""

import puremagic

_ALIASES = {"koz": "mp3", "jpeg": "jpg", "jfif": "jpg", "qt": "mov", "m4v": "mp4", "mpga": "mp3", "wave": "wav"}
_ZIP_MARKS = ((b"OFD.xml", "ofd"), (b"word/document.xml", "docx"), (b"xl/workbook.xml", "xlsx"))
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")


def detect_type(head: bytes, tail: bytes, accepted: tuple[str, ...]) -> str | None:
    """The type of a file as one of `accepted`, from its first and last bytes; None where it is none of them."""
    if head.startswith(b"PK\x03\x04"):
        container = next((kind for mark, kind in _ZIP_MARKS if mark in head or mark in tail), "zip")
        return container if container in accepted else None
    by_signature = next((kind for kind in _by_signature(head) if kind in accepted), None)
    if by_signature is None and _is_text(head):
        text = "json" if head.lstrip()[:1] in {b"{", b"["} else "csv"
        return text if text in accepted else None
    return by_signature


def _by_signature(head: bytes) -> list[str]:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return []  # no known signature: text, or nothing that is accepted
    best = max(match.confidence for match in matches)
    kinds = [match.extension.removeprefix(".") for match in matches if match.confidence == best]
    return [_ALIASES.get(kind, kind) for kind in kinds]


def _is_text(head: bytes) -> bool:
    if not head or _CONTROL.intersection(head):
        return False
    return _decodes(head, "utf-8") or _decodes(head, "gb18030")


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a character cut in two by the end of the sample
    return True
