"""Identifiers that we make ourselves: UUIDv7, so that ids sort by the time of their making."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A new time-ordered identifier (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()
