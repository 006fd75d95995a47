"""`ccc migrations`, for those who change tables."""

import os
from typing import Annotated

import typer
from alembic.util import CommandError

from deploy import migrations
from deploy.cli import console
from deploy.cli.options import AnyService, Service, chosen
from deploy.local.scratch import scratch

app = typer.Typer(help="Write and check migrations, in a database that is made for it.", no_args_is_help=True)


@app.command()
def new(service: Service, message: Annotated[str, typer.Argument()]) -> None:
    """Write a version file with what the tables of a service lack."""
    (name,) = chosen(service)
    with scratch() as variables:
        os.environ.update(variables)
        if migrations.exists(name):
            migrations.upgrade(name)
        migrations.add(name, message)


@app.command()
def check(service: AnyService = None, json: console.Json = False) -> None:
    """Check that each service has one newest version and that it makes exactly the tables of its classes."""
    with scratch() as variables:
        os.environ.update(variables)
        rows = [_checked(name) for name in chosen(service)]
    console.show(rows, as_json=json)
    if len([row for row in rows if row["result"] == "ok"]) < len(rows):
        raise typer.Exit(1)


def _checked(service: str) -> dict[str, str]:
    try:
        version = migrations.upgrade(service)
        migrations.check(service)
    except (CommandError, ValueError) as error:
        return {"service": service, "version": "", "result": str(error)}
    return {"service": service, "version": version, "result": "ok"}
