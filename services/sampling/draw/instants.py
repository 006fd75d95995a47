"""Instants as they stand in the draw's documents."""

from datetime import UTC, datetime
from typing import Any


def instant(moment: datetime) -> str:
    """Text of an aware instant: UTC, microseconds, `Z`; such texts sort as the instants do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: Any) -> datetime | None:
    """Read an RFC 3339 text as an instant; None where it is no such text or has no offset."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
