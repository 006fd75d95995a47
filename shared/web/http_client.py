"""HTTP to other systems: the one place that touches the HTTP client, with time limits on everything."""

import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import httpx
from httpx import AsyncClient, Response, TransportError

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


def get_json(url: str) -> object:
    """The JSON document at `url`, without following redirects; for key sets at start-up.

    Raises:
        httpx.HTTPError: it cannot be had within five seconds.
    """
    response = httpx.get(url, timeout=TIMEOUT, follow_redirects=False)
    response.raise_for_status()
    return response.json()


def request_json(
    method: str, url: str, headers: Mapping[str, str], body: object = None, *, seconds: float = 5.0
) -> tuple[int, Any]:
    """One request with a JSON body; returns the status and the JSON of the response, None where it has no body.

    Raises:
        TransportError: no response came within so many seconds.
    """
    limit = httpx.Timeout(seconds, connect=2.0)
    response = httpx.request(method, url, headers=dict(headers), json=body, timeout=limit, trust_env=False)
    return response.status_code, response.json() if response.content else None


def open_client(base_url: str, *, seconds: float = 300.0) -> AsyncClient:
    """A client for many requests to one system; close it. A response may take `seconds`."""
    limit = httpx.Timeout(seconds, connect=2.0)
    return AsyncClient(base_url=base_url, timeout=limit, trust_env=False, verify=_trusted())


@lru_cache
def _trusted() -> ssl.SSLContext:
    """Read once: for each client anew, it costs more than a hundred requests."""
    return httpx.create_ssl_context(trust_env=False)


__all__ = ["AsyncClient", "Response", "TransportError", "get_json", "open_client", "request_json"]
