"""How one service process is started; the same everywhere."""

import sys

GRACEFUL_SHUTDOWN_SECONDS = 25
"""uvicorn's own default is to wait for ever."""


def command(service: str, *, host: str, port: int) -> list[str]:
    """The command line of the service's only worker."""
    options = {
        "--host": host,
        "--port": str(port),
        "--loop": "uvloop",
        "--http": "httptools",
        "--timeout-graceful-shutdown": str(GRACEFUL_SHUTDOWN_SECONDS),
    }
    flat = [part for option in options.items() for part in option]
    return [
        sys.executable,
        "-m",
        "uvicorn",
        f"services.{service}.main:app",
        *flat,
        "--no-access-log",
        "--no-server-header",
    ]
