"""Alembic's environment for all five services: the section of alembic.ini is the service's name."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from deploy.migrations import GRANT, grant, settings, tables_of
from shared.messaging.tables import is_partition

SERVICE = context.config.config_ini_section
LOCK = "ccc-migration"


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The months of the event log are made by the service as time goes on."""
    return not (kind == "table" and name is not None and is_partition(name))


def migrate(connection: Connection) -> None:
    """Migrate in one transaction, rights of the run-time role included; two jobs at once run one after the other."""
    context.configure(connection=connection, target_metadata=tables_of(SERVICE), include_name=is_ours, compare_type=True)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": LOCK})
        context.run_migrations()
        if context.config.attributes.get(GRANT):
            grant(connection, SERVICE)


async def connect_and_migrate() -> None:
    """Connect as the owner of the tables; wait at most ten seconds for a lock that the running service holds."""
    patience = {"server_settings": {"lock_timeout": "10s"}}
    engine = create_async_engine(settings().owner(SERVICE), poolclass=NullPool, connect_args=patience)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(connect_and_migrate())
