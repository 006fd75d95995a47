"""Operations that will be taken away: the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), and the mark in OpenAPI."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.core.clock import SHANGHAI
from shared.web.route_walk import routes_of


class Deprecated:
    """The dependency behind `deprecated()`; keeps the headers where the middleware and the API description can read them."""

    def __init__(self, since: date, sunset: date, link: str) -> None:
        """Deprecated from the beginning of `since`, taken away at the beginning of `sunset`, both Beijing days.

        Raises:
            ValueError: `sunset` is not after `since`.
        """
        if sunset <= since:
            raise ValueError(f"an operation deprecated on {since} cannot be taken away on {sunset}")
        self.sunset = sunset
        self.headers = [
            (b"deprecation", f"@{int(_midnight(since).timestamp())}".encode()),
            (b"sunset", format_datetime(_midnight(sunset).astimezone(UTC), usegmt=True).encode()),
            (b"link", f'<{link}>; rel="deprecation", <{link}>; rel="sunset"'.encode()),
        ]

    async def __call__(self) -> None:
        """Let the request through: a deprecated operation answers as before."""


class DeprecationHeaders:
    """Give every answer of a deprecated operation its headers, problem documents too."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def sending(message: Message) -> None:
            route = scope.get("route")
            if message["type"] == "http.response.start" and isinstance(route, APIRoute) and (mark := deprecation_of(route)):
                message["headers"] = [*message["headers"], *mark.headers]
            await send(message)

        await self._app(scope, receive, sending)


def deprecated(*, since: date, sunset: date, link: str) -> Any:
    """Mark a route as deprecated: in `dependencies=[...]` of the route.

    Args:
        since: the Beijing day from which callers should use something else.
        sunset: the Beijing day from which the operation may be gone.
        link: the address of what a caller should read, such as the section of the changelog.
    """
    return Depends(Deprecated(since, sunset, link))


def deprecation_of(route: APIRoute) -> Deprecated | None:
    """The mark of a route; None when it is not deprecated."""
    return next(_marks(route.dependant), None)


def install(app: FastAPI) -> None:
    """Have `app` send the headers; an application without deprecated operations pays nothing."""
    if any(deprecation_of(route) for route in routes_of(app.router.routes)):
        app.add_middleware(DeprecationHeaders)


def _marks(dependant: Dependant) -> Iterator[Deprecated]:
    if isinstance(dependant.call, Deprecated):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _marks(inner)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
