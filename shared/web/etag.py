"""Optimistic locking over HTTP: the version of a row as ETag, and If-Match on an edit (RFC 9110 §13.1.1)."""

from typing import Annotated

from fastapi import Depends, Request

from shared.core.errors import StaleVersion, VersionRequired


def etag(version: int) -> str:
    """The ETag of a version number."""
    return f'"{version}"'


async def expected_version(request: Request) -> int:
    """The version that an edit was based on, from If-Match.

    Raises:
        VersionRequired: the header is missing.
        StaleVersion: it is no version of ours.
    """
    header = request.headers.get("if-match")
    if header is None:
        raise VersionRequired(pointer="header/If-Match")
    number = header.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit()):
        raise StaleVersion(pointer="header/If-Match")
    return int(number)


Version = Annotated[int, Depends(expected_version)]
"""The version an edit is based on."""
