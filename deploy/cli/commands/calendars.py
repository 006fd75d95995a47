"""`ccc calendar`: the working-day calendar of the next year, proposed by one person, looked at, published by another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import SERVICES
from deploy.cli import console
from deploy.cli.client import ApiClient
from deploy.cli.connection import Connection, connected
from deploy.cli.credentials import Person
from shared.deadlines.calendar_file import parse_calendar
from shared.deadlines.errors import InvalidCalendarFile
from shared.vocabulary import Role

app = typer.Typer(help="The working-day calendar: check, propose, preview, publish.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A calendar file (ccc-calendar/1).")]
Version = Annotated[str, typer.Argument(help="The version, such as 2026.2.")]
PersonName = Annotated[str, typer.Option("--person", help="Who acts, in the embedded runtime: a publication takes two.")]


@app.command()
def check(file: File, json: console.Json = False) -> None:
    """Read a calendar file as the services would, without sending it."""
    try:
        calendar = parse_calendar(file.read_bytes())
    except InvalidCalendarFile as error:
        raise console.fail(str(error)) from error
    row = {"version": calendar.version, "covers": f"{calendar.first} – {calendar.last}", "digest": calendar.digest}
    console.show([row], as_json=json)


@app.command()
@connected
def propose(connection: Connection, file: File, person: PersonName = "planner-1", json: console.Json = False) -> None:
    """Hand a calendar file to the services; it counts once somebody else publishes it."""

    async def work(api: ApiClient) -> Any:
        return await api.send("registry", "/v1/calendars", _administrator(person), file.read_bytes(), "application/json")

    console.show([connection.run(work)], as_json=json)


@app.command()
@connected
def preview(connection: Connection, version: Version, json: console.Json = False) -> None:
    """Show which open deadlines of every service a proposed calendar would move, and by which days."""

    async def work(api: ApiClient) -> list[dict[str, Any]]:
        path, by = f"/v1/calendars/{version}/moves", _administrator("planner-1")
        rows = []
        for service in SERVICES:
            moves = api.items(service, path, by, {})
            rows += [_row(service, move) async for move in moves]
        return rows

    console.show(connection.run(work), as_json=json)


@app.command()
@connected
def publish(connection: Connection, version: Version, person: PersonName = "planner-2", json: console.Json = False) -> None:
    """Let a proposed calendar count; the services then move the open deadlines that it moves.

    Takes another person than the proposal: another profile, token or client.
    """

    async def work(api: ApiClient) -> Any:
        return await api.post("registry", f"/v1/calendars/{version}/publication", _administrator(person))

    console.show([connection.run(work)], as_json=json)


def _row(service: str, move: Mapping[str, Any]) -> dict[str, Any]:
    days = ", ".join(changed["day"] for changed in move["reason"])
    about = {"service": service, "deadline": move["code"], "about": move["subject_no"], "office": move["office"]}
    return about | {"due": move["due_on"], "new": move["new_due_on"], "reason": days}


def _administrator(subject: str) -> Person:
    return Person(subject, Role.PROV_ADMIN, None, subject)
