"""The `ccc` command: one entry for people who run, try out or look after the platform."""

import typer

from deploy.commands import calendars, demo, events, imports, ledger, migrations, runtime, secrets, tokens

app = typer.Typer(
    help="CCC supervision campaigns: run, try out and look after the five services.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(demo.demo)
app.command()(runtime.up)
app.command()(runtime.down)
app.command()(runtime.status)
app.command("serve")(runtime.serve_one)
app.command()(migrations.migrate)
app.add_typer(migrations.app, name="migrations")
app.add_typer(events.app, name="events")
app.add_typer(ledger.app, name="ledger")
app.add_typer(calendars.app, name="calendar")
app.command("import")(imports.import_file)
app.command()(tokens.token)
app.command()(secrets.secrets)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
