"""`ccc ledger`: whoever keeps a head of the ledger of draws can check later whether anything before it was touched."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import ROOT
from deploy.cli import console
from deploy.cli.client import ApiClient
from deploy.cli.connection import Connection, connected
from deploy.cli.errors import ConfigurationError

app = typer.Typer(help="The ledger of draws: keep a head today, check the ledger against it tomorrow.", no_args_is_help=True)

LedgerFile = Annotated[Path | None, typer.Option("--ledger", exists=True, dir_okay=False, help="A ledger file instead.")]
Kept = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A head or a ledger that was kept.")]
VERIFIER = ROOT / "services" / "sampling" / "verifiers" / "verify_draw.py"


@app.command()
@connected
def head(connection: Connection) -> None:
    """Print the published head, signed, as JSON to be kept in a file. Needs no token."""
    typer.echo(json.dumps(_published(connection, "/v1/ledger/head"), ensure_ascii=False))


@app.command()
@connected
def check(connection: Connection, kept: Kept = None, ledger: LedgerFile = None, json: console.Json = False) -> None:
    """Check the published ledger, and that it goes on from a kept head, with the verifier that shares no code with us."""
    with tempfile.TemporaryDirectory() as directory:
        file = ledger or _fetched(connection, Path(directory) / "ledger.json")
        command = [sys.executable, "-I", str(VERIFIER), str(file), *(["--ledger", str(kept)] if kept else [])]
        done = subprocess.run([*command, *(["--json"] if json else [])], check=False)
    raise typer.Exit(done.returncode)


def _fetched(connection: Connection, file: Path) -> Path:
    try:
        published = _published(connection, "/v1/ledger")
    except ConfigurationError as error:
        raise ConfigurationError(f"{error}; or check a file with --ledger") from error
    file.write_text(json.dumps(published, ensure_ascii=False), "utf-8")
    return file


def _published(connection: Connection, path: str) -> Any:
    async def work(api: ApiClient) -> Any:
        return await api.get("sampling", path, None)

    return connection.run(work)
