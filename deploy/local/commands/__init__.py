"""The commands that need the embedded runtime or make what it and docker-compose.yml are given."""

import typer

from deploy.local.commands import migrations, runtime, secrets, tokens


def register(app: typer.Typer) -> None:
    """Add them to `ccc`."""
    app.command()(runtime.up)
    app.command()(runtime.down)
    app.command()(runtime.status)
    app.command()(tokens.token)
    app.command()(secrets.secrets)
    app.add_typer(migrations.app, name="migrations")
