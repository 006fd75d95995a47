"""`ccc migrate`."""

from deploy import migrations
from deploy.cli import console
from deploy.cli.options import AnyService, chosen


def migrate(service: AnyService = None, json: console.Json = False) -> None:
    """Bring the databases to the newest version and give the run-time roles their rights."""
    rows = [{"service": name, "version": migrations.upgrade(name)} for name in chosen(service)]
    console.show(rows, as_json=json)
