"""Arguments that several commands have."""

from pathlib import Path
from typing import Annotated, Final

import typer

from deploy import SERVICES

_NAMES = f"{', '.join(SERVICES[:-1])} or {SERVICES[-1]}"
Service = Annotated[str, typer.Argument(help=_NAMES)]
AnyService = Annotated[str | None, typer.Argument(help=f"{_NAMES}; all of them when it is left out.")]
HomeOption = Annotated[
    Path,
    typer.Option("--home", envvar="CCC_HOME", help="Directory with the embedded runtime's data.", show_default=True),
]
DEFAULT_HOME: Final = Path(".ccc")


def chosen(service: str | None) -> tuple[str, ...]:
    """One service, or all of them. Refuses an unknown name as a wrong argument."""
    if service is None:
        return SERVICES
    if service not in SERVICES:
        raise typer.BadParameter(f"{service} is none of {', '.join(SERVICES)}")
    return (service,)
