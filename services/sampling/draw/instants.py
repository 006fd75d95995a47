"""Instants as they stand in the draw's documents."""

import re
from datetime import UTC, datetime
from typing import Any, Final

# The one form that every language reads alike; datetime.fromisoformat alone would take week dates and more.
_FORM: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


def instant(moment: datetime) -> str:
    """Text of an aware instant: UTC, microseconds, `Z`; such texts sort as the instants do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: Any) -> datetime | None:
    """Read an RFC 3339 text (at most microseconds) as an instant; None where it is no such text or has no offset."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
