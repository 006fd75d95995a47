"""HTTP to other systems: the one place that touches the HTTP client, with time limits on everything."""

import ssl
from functools import lru_cache
from pathlib import Path

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


def open_client(base_url: str, *, seconds: float = 300.0, ca_file: Path | None = None) -> AsyncClient:
    """A client for many requests to one system; close it. A response may take `seconds`.

    Its certificate may come from an authority in `ca_file`, or else from one of the public authorities.
    """
    limit = httpx.Timeout(seconds, connect=2.0)
    return AsyncClient(base_url=base_url, timeout=limit, trust_env=False, verify=_trusted(ca_file))


@lru_cache
def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Read once: for each client anew, it costs more than a hundred requests."""
    return httpx.create_ssl_context(trust_env=False) if ca_file is None else ssl.create_default_context(cafile=ca_file)


__all__ = ["AsyncClient", "Response", "TransportError", "get_json", "open_client"]
