"""`ccc import`: a file of certificates or of failed samplings into the registry of an installation."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli import console
from deploy.cli.client import ApiClient
from deploy.cli.connection import Connection, connected
from deploy.cli.credentials import Person
from deploy.cli.errors import CommandError
from shared.vocabulary import Role

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COUNTS = ("state", "rows_total", "rows_accepted", "rows_rejected", "rows_new", "rows_changed", "warnings", "repeated")
TITLES = {"error": "Rejected rows", "warning": "Warnings: the rows were kept", "flag": "Flags: the rows were kept, look at them"}
SHOWN_ROWS = 200
"""So many rows of a kind are shown to people; a program gets them all."""
ENDED = {"completed", "failed"}
POLL_SECONDS = 0.5
"""Each look at an import is noted in the audit trail."""
PATIENCE = 3600.0
"""Seconds; a file of a million rows takes some minutes."""


class Kind(StrEnum):
    """What stands in the file."""

    CERTIFICATES = "certificates"
    SAMPLING_FAILURES = "sampling-failures"


@connected
def import_file(
    connection: Connection,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX with the official headings.")],
    kind: Annotated[Kind, typer.Option(help="What stands in the file.")] = Kind.CERTIFICATES,
    year: Annotated[int | None, typer.Option(help="Year of the sampling, for failed samplings.")] = None,
    person: Annotated[str, typer.Option(help="Who acts, in the embedded runtime.")] = "planner-1",
    json: console.Json = False,
) -> None:
    """Import a file; show what was rejected and what is doubtful. Exit code 1 when the file or a row was rejected."""
    media_type = MEDIA_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise CommandError(f"{file.name}: only {' and '.join(MEDIA_TYPES)} are read")
    query: dict[str, str | int] = {"kind": kind.value} | ({} if year is None else {"year": year})
    by = Person(person, Role.PROV_ADMIN, None, person)

    async def work(api: ApiClient) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        sent = await api.send("registry", "/v1/imports", by, file.read_bytes(), media_type, **query)
        console.inform(f"import {sent['id']}")
        result = await _ended(api, sent["id"], by) | {"repeated": sent["repeated"]}
        return result, await api.all("registry", f"/v1/imports/{sent['id']}/rejections", by)

    result, faults = connection.run(work)
    if json:
        console.show([result | {"rejections": faults}], as_json=True)
    else:
        _show(result, faults, chinese=connection.language == "zh")
    if result["state"] != "completed" or result["rows_rejected"]:
        raise typer.Exit(1)


async def _ended(api: ApiClient, import_id: str, by: Person) -> dict[str, Any]:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        run: dict[str, Any] = await api.get("registry", f"/v1/imports/{import_id}", by)
        if run["state"] in ENDED:
            return run
        if asyncio.get_running_loop().time() > deadline:
            raise CommandError(f"the import {import_id} is {run['state']} after {PATIENCE:.0f} s; it goes on")
        await asyncio.sleep(POLL_SECONDS)


def _show(result: dict[str, Any], faults: Sequence[dict[str, Any]], *, chinese: bool) -> None:
    console.show([{name: result[name] for name in COUNTS}], as_json=False)
    if failure := result["failure"]:
        title = failure["title_zh" if chinese else "title_en"]
        console.inform(f"The file was not imported: {title} ({failure['code']}) {failure['detail']}")
    if result["ignored_headings"]:
        console.inform(f"Columns that were not read: {', '.join(result['ignored_headings'])}")
    for severity, title in TITLES.items():
        rows = [_fault_row(fault, chinese=chinese) for fault in faults if fault["severity"] == severity]
        if rows:
            console.show(rows[:SHOWN_ROWS], as_json=False, title=title)
        if len(rows) > SHOWN_ROWS:
            console.inform(f"and {len(rows) - SHOWN_ROWS} more: --json prints all")


def _fault_row(fault: dict[str, Any], *, chinese: bool) -> dict[str, Any]:
    reason = f"{fault['message_zh' if chinese else 'message_en']} ({fault['code']})"
    return {"row": fault["line"], "field": fault["heading"], "value": fault["value"], "reason": reason}
