"""`ccc ledger`: whoever keeps a head of the ledger of draws can tell later whether anything before it was touched."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy import console
from deploy.commands.options import DEFAULT_HOME, HomeOption, home_at
from deploy.demo.verify import DRAW
from deploy.local import state
from shared.web.http_client import TransportError, request_json

app = typer.Typer(help="The ledger of draws: keep a head today, check the ledger against it tomorrow.", no_args_is_help=True)

Url = Annotated[str | None, typer.Option(help="Base address of sampling; by default the embedded one.")]
LedgerFile = Annotated[Path | None, typer.Option("--ledger", exists=True, dir_okay=False, help="A ledger file instead.")]
Kept = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A head or a ledger that was kept.")]
_FOUND: Final = 200


@app.command()
def head(url: Url = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Print the published head, signed, to be kept in a file."""
    typer.echo(json.dumps(_published("/v1/ledger/head", url, home), ensure_ascii=False))


@app.command()
def check(
    kept: Kept = None, ledger: LedgerFile = None, url: Url = None, home: HomeOption = DEFAULT_HOME, json: console.Json = False
) -> None:
    """Check the published ledger, and that it goes on from a kept head, with the verifier that shares no code with us."""
    with tempfile.TemporaryDirectory() as directory:
        file = ledger or _fetched(Path(directory) / "ledger.json", url, home)
        command = [sys.executable, "-I", str(DRAW), str(file), *(["--ledger", str(kept)] if kept else [])]
        done = subprocess.run([*command, *(["--json"] if json else [])], check=False)
    raise typer.Exit(done.returncode)


def _fetched(file: Path, url: str | None, home: Path) -> Path:
    file.write_text(json.dumps(_published("/v1/ledger", url, home), ensure_ascii=False), "utf-8")
    return file


def _published(path: str, url: str | None, home: Path) -> Any:
    now = state.running(home_at(home))
    if url is None and now is None:
        raise console.fail("no embedded runtime is running here: give --url or --ledger, or run `ccc up`")
    try:
        status, answer = request_json("GET", f"{url or (now and now.urls['sampling'])}{path}", {})
    except TransportError as error:
        raise console.fail(f"sampling does not answer: {error}") from error
    if status != _FOUND:
        raise console.fail(f"{answer['title']} ({answer['code']})")
    return answer
