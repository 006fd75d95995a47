"""`ccc serve`."""

import os
from typing import Annotated

import typer

from deploy import serve as server
from deploy.cli.options import Service, chosen


def serve(
    service: Service,
    host: Annotated[str, typer.Option(help="Address to bind.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to bind.")] = 8000,
) -> None:
    """Become the server process of one service, with the settings of the environment."""
    (name,) = chosen(service)
    command = server.command(name, host=host, port=port)
    os.execv(command[0], command)  # noqa: S606 no shell is wanted: the server takes this process's place
