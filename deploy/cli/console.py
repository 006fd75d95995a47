"""What the `ccc` command prints: tables for people, JSON for programs."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]

out = Console()
errors = Console(stderr=True)


def inform(message: str) -> None:
    """Say what goes on, apart from the result, so that `--json` output stays JSON."""
    errors.print(message, style="dim", markup=False)


def show(rows: Sequence[dict[str, Any]], *, as_json: bool, title: str = "") -> None:
    """Print rows that have the same keys: one JSON array, or one table."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    table = Table(title=title or None, title_justify="left")
    for heading in rows[0] if rows else ("nothing",):
        table.add_column(heading.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    out.print(table)


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say what went wrong; raising the result ends the command with that exit code."""
    errors.print(message, style="red", markup=False)
    return typer.Exit(code)
