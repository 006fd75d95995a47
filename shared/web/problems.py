"""Every error as problem+json (RFC 9457): a stable code, a title in the reader's language, field pointers and a trace id."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.core.errors import (
    BodyTooLarge,
    DomainError,
    Forbidden,
    InvalidRequest,
    MalformedBody,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from shared.core.logs import trace_id
from shared.web.route_walk import methods_at
from shared.web.validation_messages import explain

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class FieldProblem(BaseModel):
    """An invalid field."""

    pointer: str = Field(description="JSON pointer into the body, or `query/name`, `path/name`, `header/name`")
    detail: str


class Problem(BaseModel):
    """The response to a rejected request; nothing was changed (错误信息)."""

    type: str = Field(description="`urn:ccc:problem:` and the code")
    title: str = Field(description="in Chinese or English by Accept-Language")
    status: int
    code: str = Field(description="stable; programs decide by it")
    detail: str | None = None
    instance: str
    trace_id: str | None = None
    errors: list[FieldProblem] = Field(default_factory=list)


class _InternalError(DomainError):
    code, status = "internal-error", 500
    title_zh, title_en = "系统内部错误，请凭跟踪号联系运维", "Internal error: quote the trace id to the operators"


class _MethodNotAllowed(DomainError):
    code, status = "method-not-allowed", 405
    title_zh, title_en = "该地址不支持此方法", "This address does not support the method"


def chinese(request: Request) -> bool:
    """Whether the reader prefers Chinese: the default, unless English comes first in Accept-Language."""
    accepted = request.headers.get("accept-language", "zh").lower()
    first = accepted.split(",")[0].split(";")[0].strip()
    return not first.startswith("en")


def problem(request: Request, error: DomainError, errors: Sequence[Mapping[str, str]] = ()) -> JSONResponse:
    """The problem document of `error` in the language of `request`."""
    pointers = list(errors) or ([{"pointer": error.pointer, "detail": error.detail or ""}] if error.pointer else [])
    title = error.title_zh if chinese(request) else error.title_en
    body = {
        **error.extra,
        "type": f"urn:ccc:problem:{error.code}",
        "title": title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "instance": request.url.path,
        "trace_id": trace_id(),
        "errors": pointers,
    }
    return JSONResponse(body, error.status, headers=_headers(error), media_type=MEDIA_TYPE)


def _headers(error: DomainError) -> dict[str, str]:
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if error.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    return {}


def problem_responses(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: its own errors and those that every route may give, one entry a status."""
    by_status: dict[int, list[type[DomainError]]] = {}
    usual: tuple[type[DomainError], ...] = (Unauthenticated, Forbidden, InvalidRequest, MalformedBody, Unavailable)
    for error in errors + usual:
        by_status.setdefault(error.status, []).append(error)
    return {status: _described(group) for status, group in sorted(by_status.items())}


def _described(group: list[type[DomainError]]) -> dict[str, Any]:
    lines = [f"`{error.code}` {error.title_zh} · {error.title_en}" for error in dict.fromkeys(group)]
    return {"model": Problem, "description": "\n\n".join(lines), "content": {MEDIA_TYPE: {}}}


def install(app: FastAPI) -> None:
    """Have every error of `app` answered as a problem document."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for unavailable in (*_GONE, DBAPIError, asyncpg.PostgresError):
        app.add_exception_handler(unavailable, _database)
    app.add_exception_handler(Exception, _crashed)
    app.add_middleware(OversizedBodies)


class OversizedBodies:
    """Answers of the server's own body limit, which come as plain text, turned into problem documents."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        replaced = False

        async def sending(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_plain_413(message):
                replaced = True
                await problem(Request(scope), BodyTooLarge())(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, sending)


def _is_plain_413(message: Message) -> bool:
    kind = dict(message["headers"]).get(b"content-type", b"")
    return message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not kind.startswith(MEDIA_TYPE.encode())


async def _domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)
    return problem(request, error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    zh = chinese(request)
    fields = [{"pointer": _pointer(item["loc"]), "detail": explain(item, chinese=zh)} for item in error.errors()]
    return problem(request, InvalidRequest(), fields)


def _pointer(loc: Sequence[str | int]) -> str:
    location, *rest = [str(part).replace("~", "~0").replace("/", "~1") for part in loc]
    return "/" + "/".join(rest) if location == "body" else "/".join([location, *rest])


_BY_STATUS: dict[int, type[DomainError]] = {404: NotFound, 405: _MethodNotAllowed, 413: BodyTooLarge, 400: MalformedBody}


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    answer = problem(request, _BY_STATUS.get(error.status_code, _InternalError)())
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(methods_at(request.app.router.routes, request.url.path))
    return answer


async def _database(request: Request, error: Exception) -> JSONResponse:
    if not _unreachable(error):
        return await _crashed(request, error)
    structlog.get_logger().warning("database unavailable", error=type(error).__name__)
    return problem(request, Unavailable())


_GONE = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""The database is away, ending or starting: nothing was committed, and the same request may be sent again."""


def _unreachable(error: BaseException | None) -> bool:
    """Whether the error, or what caused it, is that the database could not be reached."""
    while error is not None:
        if isinstance(error, _GONE) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            return True
        error = error.__cause__ or error.__context__
    return False


async def _crashed(request: Request, error: Exception) -> JSONResponse:
    route = getattr(request.scope.get("route"), "path", "unmatched")
    structlog.get_logger().error("request crashed", route=route, exc_info=error)
    return problem(request, _InternalError())
