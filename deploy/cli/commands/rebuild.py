"""`ccc events rebuild`: a replica rebuilt from the first event, beside the live one, compared, and adopted."""

import asyncio
import importlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from sqlalchemy.engine import URL

from deploy import migrations
from deploy.cli import console, extensions
from deploy.cli.options import DEFAULT_HOME, HomeOption, chosen
from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.database.session import open_database
from shared.messaging import Messaging
from shared.messaging.broker import group_of
from shared.messaging.operations import rebuild
from shared.messaging.operations.rebuild import Comparison, NotCaughtUpError
from shared.settings import Settings

REBUILDABLE = ("reporting", "sampling")
COMPARE_SECONDS = 10.0


def rebuild_projection(
    service: Annotated[str, typer.Argument(help=" or ".join(REBUILDABLE))],
    adopt: Annotated[bool, typer.Option(help="Make the live rows those that were rebuilt.")] = False,
    within: Annotated[float, typer.Option(help="Seconds that it may take to handle every event.")] = 600,
    operator: Annotated[str, typer.Option(help="Who does it, for the audit trail.")] = "operator-1",
    home: HomeOption = DEFAULT_HOME,
    json: console.Json = False,
) -> None:
    """Rebuild a service's replica of the other services' data beside the live one, from every event, and compare them row by row.

    Takes the settings of the service and, like `ccc migrate`, those of the tables' owner.
    """
    (name,) = chosen(service)
    if name not in REBUILDABLE:
        raise typer.BadParameter(f"{name} keeps no replica that could be rebuilt alone")
    _use_embedded(home, name)
    try:
        found = asyncio.run(_rebuild(name, operator if adopt else None, within))
    except NotCaughtUpError as error:
        raise console.fail(str(error)) from error
    console.show(
        [asdict(one) | {"digest": one.digest if json else one.digest[:12], "equal": one.equal} for one in found], as_json=json
    )
    if not adopt and not all(one.equal for one in found):
        raise console.fail("the live rows are not those that the events make; --adopt makes them so")


async def _rebuild(service: str, adopting: str | None, within: float) -> list[Comparison]:
    owner = migrations.settings().owner(service)
    models = importlib.import_module(f"services.{service}.models")
    projections = [model.__tablename__ for model in models.REPLICA]
    every = [table.name for part in migrations.tables_of(service) for table in part.sorted_tables]
    async with _connected(owner) as connection:
        await rebuild.begin(connection, every)
        try:
            async with _filling(service, owner):
                await rebuild.caught_up(connection, within)
                return await _compared(connection, projections, adopting)
        finally:
            await rebuild.end(connection)


async def _compared(connection: asyncpg.Connection, tables: Sequence[str], adopting: str | None) -> list[Comparison]:
    async with connection.transaction():
        found = await rebuild.compare(connection, tables, COMPARE_SECONDS)
        if adopting is not None:
            different = [one.table for one in found if not one.equal]
            await rebuild.adopt(connection, different, adopting, SystemClock().now())
    return found


@asynccontextmanager
async def _connected(address: URL) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _filling(service: str, owner: URL) -> AsyncIterator[None]:
    """A new consumer group consumes everything, and its handlers fill the copies."""
    database = open_database(owner, pool_size=4, clock=SystemClock(), name=service, schema=rebuild.SCHEMA)
    handlers = importlib.import_module(f"services.{service}.handlers").HANDLERS
    group = f"{group_of(service)}-rebuild-{new_id()}"
    filling = Messaging(service, database, _settings(), handlers, instance="rebuild", group=group)
    await filling.start()
    try:
        yield
    finally:
        await filling.stop()
        await database.close()


def _use_embedded(home: Path, service: str) -> None:
    """Take the settings of the embedded runtime where one runs here; otherwise those of the environment hold."""
    runtime = extensions.embedded_runtime()
    if runtime is not None:
        os.environ.update(runtime.environment_of(home, service))


def _settings() -> Settings:
    """Those of the environment as it is now."""
    return Settings(_secrets_dir=os.environ.get("CCC_SECRETS_DIR"))  # pyright: ignore[reportCallIssue]
