"""The wiring that the services have in common: plain FastAPI, made of public functions of `shared`, which know no service."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from joserfc.jwk import KeySet

from shared import __version__
from shared.core import gc_tuning, logs
from shared.core.clock import Clock, SystemClock, TestClock
from shared.database.session import open_database
from shared.deadline_records import DeadlineScheduler
from shared.deadline_records import api as deadlines_api
from shared.messaging import Handlers, Messaging
from shared.security.auth import TokenReader
from shared.settings import Settings
from shared.web import asyncapi, deprecation, docs, health, operations_api, problems, test_clock_api
from shared.web.examples import Examples, examples_of
from shared.web.openapi import describe
from shared.web.telemetry import Telemetry

MAX_BODY_BYTES = 1024 * 1024


def create_service(
    name: str,
    *,
    description: str,
    examples: Examples,
    settings: Settings,
    routers: Sequence[APIRouter],
    handlers: Handlers | None = None,
    clock: Clock | None = None,
) -> FastAPI:
    """A service with its routes, its database, its event handlers, its docs and its health.

    Args:
        name: the name of the package in `services`, of the database and of the topic.
        description: what the service owns, publishes and consumes; the description of its API.
        examples: of the service's own operations.
        settings: of the process.
        routers: the service's own routes.
        handlers: for each event that it consumes, the handler.
        clock: the time of transactions; by default the machine's, or the test clock where the settings have one.
    """
    logs.configure(name, settings.log_level)
    app = FastAPI(
        title=f"CCC 监督检查平台 · {name}",
        description=description.strip(),
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
        generate_unique_id_function=_operation_id,
    )
    _set_state(app, name, settings, handlers or {}, clock or _clock(settings))
    problems.install(app)
    app.add_middleware(Telemetry)
    for router in (*routers, deadlines_api.router, deadlines_api.calendar_router, operations_api.router):
        app.include_router(router, max_body_size=MAX_BODY_BYTES, responses=problems.problem_responses())
    for router in (asyncapi.router, health.router, docs.router):
        app.include_router(router, max_body_size=MAX_BODY_BYTES)
    if settings.test_clock_file is not None:
        app.include_router(test_clock_api.router)
    deprecation.install(app)
    describe(app, {**examples_of("shared.web"), **examples})
    return app


def _set_state(app: FastAPI, name: str, settings: Settings, handlers: Handlers, clock: Clock) -> None:
    app.state.service, app.state.settings, app.state.handlers = name, settings, handlers
    app.state.tokens = TokenReader(settings, lambda: _key_set(settings.jwks))
    app.state.database = open_database(settings.database(name), pool_size=settings.database_pool_size, clock=clock, name=name)
    app.state.messaging = Messaging(name, app.state.database, settings, handlers)
    app.state.deadline_scheduler = DeadlineScheduler(app.state.database)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _clock(settings: Settings) -> Clock:
    return TestClock(settings.test_clock_file) if settings.test_clock_file else SystemClock()


def _key_set(location: str) -> KeySet:
    if not location.startswith(("https://", "http://")):
        return KeySet.import_key_set(json.loads(Path(location).read_text()))
    from shared.web.http_client import get_json  # noqa: PLC0415  (an HTTP client that most processes never need)

    return KeySet.import_key_set(cast("Any", get_json(location)))


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    gc_tuning.tune_gc()
    await app.state.messaging.start()
    await app.state.deadline_scheduler.start()
    app.state.started = True
    try:
        yield
    finally:
        await app.state.deadline_scheduler.stop()
        await app.state.messaging.stop()
        await app.state.database.close()
