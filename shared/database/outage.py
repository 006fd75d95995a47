"""Outages of the database, as distinct from failures that a message causes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

DATABASE_SECONDS = 10.0
"""Time limit, in seconds, of work that involves nothing but the database."""

_CLASSES = ("08", "53", "57")
"""SQLSTATE classes: connection exception, insufficient resources (disk full), operator intervention."""

_CANCELLED = "57014"
"""A statement cancelled by its time limit is the handler's own failure."""


class Outage(Exception):
    """The database could not be reached or used; the message itself was not tried."""


def is_outage(error: BaseException) -> bool:
    """Whether the work has to wait for the database instead of being counted as the failure of a message."""
    if isinstance(error, Outage | NoFreeConnection):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None) or ""
    return state[:2] in _CLASSES and state != _CANCELLED


@asynccontextmanager
async def database_alone(seconds: float) -> AsyncIterator[None]:
    """Work that involves nothing but the database: when it cannot connect or takes too long, that is an outage."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except OSError as error:  # refused, reset, or out of time
        raise Outage(f"the database does not answer: {error!r}") from error
