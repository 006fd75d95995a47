"""`ccc calendar`: the working-day calendar of the next year, proposed by one person, looked at, published by another."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import SERVICES, console
from deploy.commands.options import DEFAULT_HOME, HomeOption, home_at
from deploy.demo.client import Api, Refused, connected
from deploy.local import state
from deploy.local.home import Home
from deploy.local.tokens import Person
from shared.deadlines.calendar_file import parse_calendar
from shared.deadlines.errors import InvalidCalendarFile
from shared.vocabulary import Role

app = typer.Typer(help="The working-day calendar: check, propose, preview, publish.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A calendar file (ccc-calendar/1).")]
Version = Annotated[str, typer.Argument(help="The version, such as 2026.2.")]
Person_ = Annotated[str, typer.Option("--person", help="Who acts, in the embedded runtime: a publication takes two.")]


@app.command()
def check(file: File, json: console.Json = False) -> None:
    """Read a calendar file as the services would, without sending it."""
    try:
        found = parse_calendar(file.read_bytes())
    except InvalidCalendarFile as refused:
        raise console.fail(str(refused)) from refused
    row = {"version": found.version, "covers": f"{found.first} – {found.last}", "digest": found.digest}
    console.show([row], as_json=json)


@app.command()
def propose(file: File, person: Person_ = "planner-1", home: HomeOption = DEFAULT_HOME, json: console.Json = False) -> None:
    """Hand a calendar file to the services; it counts once somebody else publishes it."""

    async def act(api: Api) -> Any:
        return await api.send("registry", "/v1/calendars", _admin(person), file.read_bytes(), "application/json")

    console.show([_with_api(home, act)], as_json=json)


@app.command()
def preview(version: Version, home: HomeOption = DEFAULT_HOME, json: console.Json = False) -> None:
    """Show which open deadlines of every service a proposed calendar would move, and by which days."""

    async def look(api: Api) -> list[dict[str, Any]]:
        found = [await _moves(api, service, version) for service in SERVICES]
        return [row for rows in found for row in rows]

    console.show(_with_api(home, look), as_json=json)


@app.command()
def publish(version: Version, person: Person_ = "planner-2", home: HomeOption = DEFAULT_HOME, json: console.Json = False) -> None:
    """Let a proposed calendar count; the services then move the open deadlines that it moves."""

    async def act(api: Api) -> Any:
        return await api.post("registry", f"/v1/calendars/{version}/publication", _admin(person))

    console.show([_with_api(home, act)], as_json=json)


async def _moves(api: Api, service: str, version: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": 200}
    while True:
        page = await api.get(service, f"/v1/calendars/{version}/moves", _admin("planner-1"), **query)
        rows += [_row(service, one) for one in page["items"]]
        if page["next"] is None:
            return rows
        query["cursor"] = page["next"]


def _row(service: str, move: Mapping[str, Any]) -> dict[str, Any]:
    days = ", ".join(one["day"] for one in move["reason"])
    about = {"service": service, "deadline": move["code"], "about": move["subject_no"], "office": move["office"]}
    return about | {"due": move["due_on"], "new": move["new_due_on"], "reason": days}


def _admin(person: str) -> Person:
    return Person(person, Role.PROV_ADMIN, None, person)


def _with_api(directory: Path, act: Any) -> Any:
    place: Home = home_at(directory)
    now = state.running(place)
    if now is None:
        raise console.fail("nothing runs: start the services with `ccc up`")

    async def acting() -> Any:
        async with connected(now.urls, place, seed=0) as api:
            return await act(api)

    try:
        return asyncio.run(acting())
    except Refused as refused:
        problem = json.dumps(refused.problem.get("errors", []), ensure_ascii=False)
        raise console.fail(f"{refused.problem.get('title')} ({refused.code}) {problem}") from refused
