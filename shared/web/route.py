"""The route class of every router: strict input, one transaction that commits before the response is sent, idempotency."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.core.errors import DomainError, Forbidden, NotFound
from shared.database.session import reading, transaction
from shared.security import audit
from shared.security.auth import Caller, identify
from shared.web import idempotency
from shared.web.dependencies import database_of, read_session, write_session
from shared.web.strict_request import DigestedRequest, StrictRequest

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ServiceRoute(APIRoute):
    """A route whose function runs in a transaction or a read session, as its parameters ask for."""

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler in the transaction where the route asks for one."""
        inner = super().get_route_handler()
        respond = _write if writes(self) else _read if _uses(self.dependant, read_session) else _respond

        async def handle(request: Request) -> Response:
            try:
                return await respond(request, inner)
            except (Forbidden, NotFound) as error:
                await _audit_denied(request, error)
                raise

        return handle


def writes(route: APIRoute) -> bool:
    """Whether the route changes something: whether it asks for a `Transaction`."""
    return _uses(route.dependant, write_session)


def _uses(dependant: Dependant, call: Callable[..., Any]) -> bool:
    return any(part.call is call or _uses(part, call) for part in dependant.dependencies)


async def _respond(request: Request, inner: Handler) -> Response:
    strict = StrictRequest(request.scope, request.receive)
    await strict.require_strict()
    return await inner(strict)


async def _read(request: Request, inner: Handler) -> Response:
    strict = StrictRequest(request.scope, request.receive)
    await strict.require_strict()
    async with reading(database_of(request)) as session:
        strict.state.session = session
        return await inner(strict)


async def _write(request: Request, inner: Handler) -> Response:
    digested = DigestedRequest(request)
    await digested.require_strict()
    async with transaction(database_of(request)) as session:
        digested.state.session = session
        if request.method != "POST":
            return await inner(digested)
        by, key = identify(digested), idempotency.key_of(digested)
        stored = await idempotency.claim(session, by, key)
        if stored is not None:
            return idempotency.replay(stored, await digested.digest())
        response = await inner(digested)
        await idempotency.keep(session, by, key, await digested.digest(), response)
        return response


async def _audit_denied(request: Request, error: DomainError) -> None:
    """Audit who asked for what lies outside the role or jurisdiction; the transaction of the request was rolled back."""
    by: Caller | None = getattr(request.state, "caller", None)
    if by is None:
        return
    async with transaction(database_of(request)) as session:
        details = {"method": request.method, "query": request.url.query} if request.url.query else {"method": request.method}
        audit.record(session, by, "access.denied", request.url.path, **details, code=error.code)
