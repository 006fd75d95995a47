"""Metrics, log line and trace of each request: one plain ASGI middleware."""

import time
from functools import lru_cache

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.core.logs import tracing

REQUESTS = Counter("ccc_http_requests_total", "Answered requests", ["method", "route", "status"])
SECONDS = Histogram("ccc_http_request_seconds", "Seconds from the request to the last byte of its answer", ["method", "route"])
log = structlog.get_logger()
_QUIET = frozenset({"/livez", "/readyz", "/startupz", "/metrics"})


class Telemetry:
    """Give every request a trace, a metric and one log line without personal data (route template, never the path)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        incoming = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        with tracing(incoming.decode("latin-1")) as current:
            await self._measured(scope, receive, send, current)

    async def _measured(self, scope: Scope, receive: Receive, send: Send, current: str) -> None:
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"traceparent", current.encode())]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            _note(scope, status, time.perf_counter() - began)


@lru_cache(maxsize=4096)
def _counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The metrics of one route with one status, cached: to look the labels up costs more than to count."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)


def _note(scope: Scope, status: int, seconds: float) -> None:
    if scope["path"] in _QUIET:
        return
    route = getattr(scope.get("route"), "path", "unmatched")
    requests, durations = _counters(scope["method"], route, status)
    requests.inc()
    durations.observe(seconds)
    log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))
