"""`ccc secrets`: the files that docker-compose.yml gives to its containers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy import SERVICES
from deploy.cli import console
from deploy.local.home import Home
from deploy.local.secrets import key_in, password_in
from deploy.local.tokens import signing_key

READABLE = 0o644
"""Containers run under accounts of their own and read the files directly; the directory keeps everybody else out."""


def secrets(
    directory: Annotated[Path, typer.Argument(help="Where the files are kept; nobody else can list or enter it.")],
    development: Annotated[
        bool, typer.Option(help="Trust tokens of `ccc token --home DIRECTORY`, which production refuses.")
    ] = False,
    key_id: Annotated[
        str, typer.Option(help="How the id of that key begins; production trusts one that does not begin with `development`.")
    ] = "development",
    json_output: console.Json = False,
) -> None:
    """Make the passwords and keys that are still missing, one file each. Existing ones stay."""
    home = Home.at(directory)
    home.directory.chmod(0o700)
    for name in ("postgres", "owner", *SERVICES):
        password_in(home.directory / f"{name}_password")
    for name in ("cursor_key", "data_key"):
        key_in(home.directory / name)
    jwks = home.directory / "jwks.json"
    if development:
        signing_key(home, key_id)
        jwks.write_text(home.jwks.read_text())
    elif not jwks.exists():
        jwks.write_text(json.dumps({"keys": []}))
    files = sorted(file for file in home.directory.iterdir() if file.is_file())
    for file in files:
        file.chmod(READABLE)
    console.show([{"file": file.name} for file in files], as_json=json_output)
