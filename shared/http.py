"""HTTP to other systems: the one place that touches the HTTP client, with time limits on everything."""

import httpx

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


def get_json(url: str) -> object:
    """The JSON document at `url`, without following redirects; for key sets at start-up.

    Raises:
        httpx.HTTPError: it cannot be had within five seconds.
    """
    answer = httpx.get(url, timeout=TIMEOUT, follow_redirects=False)
    answer.raise_for_status()
    return answer.json()
