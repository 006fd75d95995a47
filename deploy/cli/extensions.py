"""What only some installations carry: looked up by name where it is present, so that nothing here imports it."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import typer

from deploy.cli.installation import Installation

PACKAGES = ("deploy.demo", "deploy.local")


class EmbeddedRuntime(Protocol):
    """What `deploy.local.embedded` offers to the commands here."""

    def installation(self, home: Path) -> Installation | None:
        """The runtime in the directory `home`, None when none runs there."""

    def environment_of(self, home: Path, service: str) -> Mapping[str, str]:
        """The settings of one of its services and of the tables' owner; empty when none runs there."""


def register(app: typer.Typer) -> None:
    """Add the commands of every package that is present."""
    for commands in _present("commands"):
        commands.register(app)


def embedded_runtime() -> EmbeddedRuntime | None:
    """The embedded runtime, None where the installation does not carry it."""
    return next(_present("embedded"), None)


def _present(module: str) -> Iterator[Any]:
    for package in PACKAGES:
        if find_spec(package) is not None and find_spec(f"{package}.{module}") is not None:
            yield import_module(f"{package}.{module}")
