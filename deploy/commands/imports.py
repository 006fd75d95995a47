"""`ccc import`: a file of certificates or of failed samplings into the running registry."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import console
from deploy.commands.options import DEFAULT_HOME, HomeOption, home_at
from deploy.demo import client
from deploy.demo.cast import PLANNER
from deploy.demo.client import Refused, connected
from deploy.local import state
from deploy.local.home import Home

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHOWN = ("line", "heading", "value", "code", "message_zh", "message_en")


class Kind(StrEnum):
    """What stands in the file."""

    CERTIFICATES = "certificates"
    SAMPLING_FAILURES = "sampling-failures"


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX with the official headings.")],
    kind: Annotated[Kind, typer.Option(help="What stands in the file.")] = Kind.CERTIFICATES,
    year: Annotated[int | None, typer.Option(help="Year of the sampling, for failed samplings.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: console.Json = False,
) -> None:
    """Import a file and show every rejected row. Exit code 1 when the file or a row was rejected."""
    media_type = MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise console.fail(f"{file.name}: only {' and '.join(MEDIA_TYPES)} are read")
    place = home_at(home)
    now = state.running(place)
    if now is None:
        raise console.fail("nothing runs: start the services with `ccc up`")
    query: dict[str, str | int] = {"kind": kind.value} | ({} if year is None else {"year": year})
    try:
        done, faults = asyncio.run(_import(now.urls, place, file.read_bytes(), media_type, query))
    except Refused as refused:
        raise console.fail(str(refused)) from refused
    _tell(done, faults, as_json=json)


async def _import(
    urls: Mapping[str, str], home: Home, content: bytes, media_type: str, query: dict[str, str | int]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    async with connected(urls, home, seed=0) as api:
        done = await client.import_file(api, PLANNER, content, media_type, **query)
        path = f"/v1/imports/{done['id']}/rejections"
        return done, await api.all("registry", path, PLANNER, severity="error")


def _tell(done: dict[str, Any], faults: list[dict[str, Any]], *, as_json: bool) -> None:
    rows = [{name: fault[name] for name in SHOWN} for fault in faults]
    if as_json:
        console.show([done | {"rejections": rows}], as_json=True)
    else:
        names = ("state", "rows_total", "rows_accepted", "rows_rejected", "rows_new", "rows_changed", "repeated")
        console.show([{name: done.get(name) for name in names}], as_json=False)
        if rows:
            console.show(rows, as_json=False, title="Rejected rows")
    if done["state"] != "completed" or rows:
        raise typer.Exit(1)
