"""The commands of `ccc`, put together from this package and from what the installation carries besides."""

import typer

from deploy.cli import extensions
from deploy.cli.commands import calendars, events, imports, ledger, migrate, serve


def assembled() -> typer.Typer:
    """The whole command: what production has, and what `deploy.local` and `deploy.demo` bring where they are present."""
    app = typer.Typer(
        help="CCC supervision campaigns: run, try out and look after the services.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    extensions.register(app)
    app.command("serve")(serve.serve)
    app.command()(migrate.migrate)
    app.add_typer(events.app, name="events")
    app.add_typer(ledger.app, name="ledger")
    app.add_typer(calendars.app, name="calendar")
    app.command("import")(imports.import_file)
    return app
