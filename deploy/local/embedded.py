"""The embedded runtime as the commands of `deploy.cli` see it: one more installation, and settings where one is needed."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from deploy.cli.installation import Installation
from deploy.local import environment, state
from deploy.local.environment import Ports
from deploy.local.home import Home
from deploy.local.homes import home_at
from deploy.local.postgres import Postgres
from deploy.local.secrets import password_in
from deploy.local.state import State
from deploy.local.tokens import DevelopmentTokens

TOKEN_LIFETIME = timedelta(minutes=5)


def installation(home: Path) -> Installation | None:
    """The runtime in `home`, None when none runs there; its tokens speak for whoever is asked for."""
    place, now = _running(home)
    return None if now is None else Installation(now.urls, credentials=DevelopmentTokens(place, TOKEN_LIFETIME))


def environment_of(home: Path, service: str) -> Mapping[str, str]:
    """The settings of a service and of the tables' owner; empty when no runtime runs in `home`."""
    place, now = _running(home)
    if now is None:
        return {}
    ports = Ports({name: port for name, port in now.ports.items() if name != "kafka"}, now.ports["kafka"])
    everyone: dict[str, Any] = environment.of_everyone(place, Postgres(place.data, place.sockets, ""), ports)
    password = password_in(place.secrets / "migration" / "ccc_database_owner_password")
    return environment.of_service(everyone, place, service) | {"CCC_DATABASE_OWNER_PASSWORD": password}


def _running(home: Path) -> tuple[Home, State | None]:
    """The runtime in a directory, which is not made for the question."""
    if not home.is_dir():
        return Home(home), None
    place = home_at(home)
    return place, state.running(place)
