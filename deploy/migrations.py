"""The schema of each service's database: to the newest version, checked against the table classes, a version added."""

import importlib
import inspect
import os
import sys

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table
from sqlmodel import SQLModel

import shared.deadline_records.tables
import shared.messaging.tables
import shared.security.audit
import shared.web.idempotency  # noqa: F401  these four bring the tables that every service has
from deploy import ROOT
from shared.database.session import grant_runtime_role, platform
from shared.settings import MigrationSettings

GRANT = "grant"
"""An attribute of the configuration: whether the run-time role gets its rights after this command."""


def upgrade(service: str) -> str:
    """Bring one service's database to the newest version, as the owner of its tables. Returns that version."""
    config = _config(service)
    config.attributes[GRANT] = True
    command.upgrade(config, "head")
    return head(service)


def check(service: str) -> None:
    """Raise alembic.util.CommandError when the table classes and the database's newest version differ."""
    command.check(_config(service))


def add(service: str, message: str) -> None:
    """Write a new version file with what the table classes have and the database has not."""
    command.revision(_config(service), message, autogenerate=True)


def exists(service: str) -> bool:
    """Whether the service has a version file yet; makes the directory for the first one."""
    directory = ROOT / "services" / service / "migrations" / "versions"
    directory.mkdir(parents=True, exist_ok=True)
    return any(directory.glob("*.py"))


def head(service: str) -> str:
    """The newest version. Raises alembic.util.CommandError when there are two, ValueError when there is none."""
    newest = ScriptDirectory.from_config(_config(service)).get_current_head()
    if newest is None:
        raise ValueError(f"{service} has no migrations")
    return newest


def tables_of(service: str) -> list[MetaData]:
    """The tables in a service's database: its own and those that every service has."""
    models = importlib.import_module(f"services.{service}.models")
    return [
        *{id(found): found for found in map(_metadata, vars(models).values()) if found is not None}.values(),
        platform,
    ]


def grant(connection: Connection, service: str) -> None:
    """Give the run-time role of a service its rights, which are fewer than the owner's."""
    grant_runtime_role(connection, settings().runtime_role(service), tables_of(service))


def settings() -> MigrationSettings:
    """The settings of the environment as it is now, not as it was when the program started."""
    return MigrationSettings(_secrets_dir=os.environ.get("CCC_SECRETS_DIR"))


def _metadata(thing: object) -> MetaData | None:
    if isinstance(thing, Table) or (inspect.isclass(thing) and issubclass(thing, SQLModel) and hasattr(thing, "__table__")):
        metadata: MetaData = thing.metadata
        return metadata
    return None


def _config(service: str) -> Config:
    return Config(ROOT / "deploy" / "alembic.ini", ini_section=service, stdout=sys.stderr)
