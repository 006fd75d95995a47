"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from deploy import SERVICES
from deploy.local.home import Home

HomeOption = Annotated[
    Path,
    typer.Option("--home", envvar="CCC_HOME", help="Directory with the embedded runtime's data.", show_default=True),
]
DEFAULT_HOME = Path(".ccc")


def home_at(directory: Path) -> Home:
    """The embedded runtime that a `--home` option names."""
    return Home.at(directory)


def chosen(service: str | None) -> tuple[str, ...]:
    """One service, or all five. Refuses an unknown name as a wrong argument."""
    if service is None:
        return SERVICES
    if service not in SERVICES:
        raise typer.BadParameter(f"{service} is none of {', '.join(SERVICES)}")
    return (service,)
