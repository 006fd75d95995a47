"""JSON logs without personal data, and the trace that a request carries through all services (W3C traceparent)."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from functools import partial
from os import urandom

import structlog

_TRACEPARENT = re.compile(r"^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
_trace: ContextVar[str | None] = ContextVar("trace", default=None)


def traceparent() -> str | None:
    """The traceparent of the current context, or None outside a trace."""
    return _trace.get()


def trace_id() -> str | None:
    """The 32 hex digits that a caller can quote to find the logs of a request."""
    current = _trace.get()
    return current.split("-")[1] if current else None


class tracing:  # noqa: N801  (it reads as a verb; a class, because a consumer does this for each event)
    """Continue the caller's trace with a span of our own, or begin a new one where the header is missing or malformed."""

    __slots__ = ("_current", "_token")

    def __init__(self, incoming: str | None) -> None:
        """Take the incoming `traceparent` header, None where there was none."""
        match = _TRACEPARENT.match(incoming or "")
        self._current = f"00-{match[1] if match else urandom(16).hex()}-{urandom(8).hex()}-01"

    def __enter__(self) -> str:
        self._token = _trace.set(self._current)
        return self._current

    def __exit__(self, *_: object) -> None:
        _trace.reset(self._token)


def _add_trace(_logger: object, _method: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if (current := trace_id()) is not None:
        entry["trace_id"] = current
    return entry


def _add_service(name: str, _logger: object, _method: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    entry["service"] = name
    return entry


_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _encoded(entry: structlog.typing.EventDict, **_: object) -> str:
    return _encode(entry)


def configure(service: str, level: str) -> None:
    """Log JSON lines to standard error, each with the service, the level, the instant and the trace."""
    structlog.configure(
        processors=[
            partial(_add_service, service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_trace,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_encoded),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
