"""What FastAPI does not describe by itself: roles, headers of a write, audited reads, problem documents."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.security.auth import RoleGuard, anyone
from shared.web.audited_reads import Audited
from shared.web.deprecation import deprecation_of
from shared.web.etag import expected_version
from shared.web.examples import Examples, show
from shared.web.idempotency import KEY_HEADER
from shared.web.route import writes
from shared.web.route_walk import routes_of

_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "zh (default) or en: the language of titles and errors",
    "schema": {"type": "string", "maxLength": 200},
    "example": "zh",
}
_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": "the same key with the same request takes effect once and gets the same response",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "0198f2b4-demo-key",
}
_VERSION = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "the ETag of the version that the edit is based on",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "example": '"1"',
}


def callers(route: APIRoute) -> frozenset[str] | None:
    """The roles that may call a route; empty when it is open to anyone; None when it names nobody (a defect)."""
    roles: set[str] = set()
    named = False
    for dependant in _all(route.dependant):
        if isinstance(dependant.call, RoleGuard):
            roles |= dependant.call.roles
            named = True
        named = named or dependant.call is anyone
    return frozenset(roles) if named else None


def audited_as(route: APIRoute) -> str | None:
    """The action under which a read is audited; None when it is not."""
    return next((part.call.action for part in _all(route.dependant) if isinstance(part.call, Audited)), None)


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for part in dependant.dependencies:
        yield from _all(part)


def describe(app: FastAPI, examples: Examples) -> None:
    """Add callers, headers, examples and problem documents of every operation to the OpenAPI document of `app`."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            routes_by_name = {route.name: route for route in routes_of(app.router.routes)}
            for operations in document["paths"].values():
                for operation in operations.values():
                    _complete(operation, routes_by_name[operation["operationId"]])
                    show(operation, examples.get(operation["operationId"], {}))
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    operation["x-callers"] = sorted(callers(route) or [])
    if (action := audited_as(route)) is not None:
        operation["x-audited"] = action
    if (mark := deprecation_of(route)) is not None:
        operation |= {"deprecated": True, "x-sunset": mark.sunset.isoformat()}
    operation["summary"] = operation.get("description", operation["summary"]).split("\n")[0]
    parameters = operation.setdefault("parameters", [])
    parameters.append(_LANGUAGE)
    if "POST" in (route.methods or ()) and writes(route):
        parameters.append(_KEY)
    if any(part.call is expected_version for part in _all(route.dependant)):
        parameters.append(_VERSION)
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
            content["application/problem+json"] = content.pop("application/json")
