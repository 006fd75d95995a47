"""Whether a program of the runtime can be used yet."""

import socket
import urllib.error
import urllib.request
from http import HTTPStatus

from deploy.local.ports import LOOPBACK

TIMEOUT = 2.0


def answers(port: int) -> bool:
    """Whether a port of this machine accepts connections."""
    try:
        with socket.create_connection((LOOPBACK, port), TIMEOUT):
            return True
    except OSError:
        return False


def is_ready(url: str) -> bool:
    """Whether the service at `url` says that it can take work."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=TIMEOUT) as answer:  # noqa: S310 the address is our own
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False
