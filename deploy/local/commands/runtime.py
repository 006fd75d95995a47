"""`ccc up`, `ccc down`, `ccc status`."""

from typing import Annotated, Any

import typer

from deploy.cli import console
from deploy.cli.options import DEFAULT_HOME, HomeOption
from deploy.local import runtime, state
from deploy.local.homes import home_at
from deploy.local.state import AlreadyRunningError, State
from deploy.local.supervisor import ProgramFailedError

Detach = Annotated[bool, typer.Option("--detach", "-d", help="Return when everything is ready, and leave it running.")]


def up(home: HomeOption = DEFAULT_HOME, detach: Detach = False, json: console.Json = False) -> None:
    """Run PostgreSQL, a Kafka broker and the services on this machine until Ctrl-C."""
    place = home_at(home)
    try:
        if detach:
            console.show(rows_of(runtime.up_detached(place, console.inform)), as_json=json)
        else:
            runtime.up(place, console.inform)
    except (AlreadyRunningError, ProgramFailedError) as error:
        raise console.fail(str(error)) from error


def down(home: HomeOption = DEFAULT_HOME, json: console.Json = False) -> None:
    """End the embedded runtime and whatever a killed one left behind; the data stays."""
    ended = runtime.down(home_at(home))
    console.show([{"ended": ended}], as_json=json)


def status(home: HomeOption = DEFAULT_HOME, json: console.Json = False) -> None:
    """Show what runs and where it can be reached. Exit code 3 when nothing runs."""
    now = state.running(home_at(home))
    if now is None:
        console.show([], as_json=json)
        raise typer.Exit(3)
    console.show(rows_of(now), as_json=json, title="" if now.ready else "starting")


def rows_of(now: State) -> list[dict[str, Any]]:
    """One row a program: what it is, its process, where it is."""
    addresses = now.urls | {"postgres": now.database, "broker": now.kafka}
    return [
        {"program": name, "pid": process.pid, "restarts": process.restarts, "address": addresses[name]}
        for name, process in now.processes.items()
    ]
