"""Deadlines in a database of the version before keep their rows when their columns are renamed, and get the old names back."""

import asyncio
from typing import Any

import asyncpg
import pytest
from alembic import command
from sqlalchemy.engine import URL

from deploy import SERVICES, migrations
from shared.testing.world import Issuer
from tests.conftest import run_as_owner

BEFORE = {
    "registry": "7bafe9e8996e",
    "sampling": "sampling_0005",
    "inspection": "57ec8dc5bb31",
    "cases": "d41af90dc481",
    "reporting": "8c1f5e2a90b7",
}
DEADLINE = """
INSERT INTO deadline (id, code, subject_id, trigger, pauses, extensions, told, warn_what, warn_at, barred)
VALUES (gen_random_uuid(), 'K05', gen_random_uuid(), '2024-09-09', '[]', '[]', '{50%,80%}', '{due}', '{2024-09-29T16:00:00Z}',
        '{u1,u2}')
"""
CONSTRAINTS = "SELECT conname::text FROM pg_constraint WHERE conrelid = 'deadline'::regclass ORDER BY 1"
COLUMNS = "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'deadline' ORDER BY 1"


@pytest.fixture(params=SERVICES)
def old(request: pytest.FixtureRequest, postgres: URL, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> tuple[str, URL]:
    """A service's database in the version before; its name and its owner's address."""
    service = str(request.param)
    assert issuer
    name, role = f"deadline_columns_{service}", f"ccc_{service}"
    url = postgres.set(drivername="postgresql", database=name)
    missing = f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
    make_role = f"DO $$ BEGIN IF {missing} THEN CREATE ROLE {role} LOGIN; END IF; END $$"
    asyncio.run(run_as_owner(postgres, make_role, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"))
    for variable in ("CCC_DATABASE_URL", "CCC_DATABASE_OWNER_URL"):
        username = role if variable == "CCC_DATABASE_URL" else url.username
        monkeypatch.setenv(variable, url.set(username=username).render_as_string(hide_password=False))
    command.upgrade(migrations._config(service), BEFORE[service])
    return service, url


async def _fetch(url: URL, statement: str) -> list[Any]:
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def fetch(url: URL, statement: str) -> list[Any]:
    return asyncio.run(_fetch(url, statement))


def test_deadlines_survive_the_renaming_of_their_columns_and_its_reversal(old: tuple[str, URL]) -> None:
    service, url = old
    fetch(url, DEADLINE)
    before = fetch(url, COLUMNS), fetch(url, CONSTRAINTS)
    command.upgrade(migrations._config(service), "head")
    values = [(["50%", "80%"], ["due"], ["u1", "u2"])]
    assert fetch(url, "SELECT warned, warning_thresholds, excluded_subjects FROM deadline") == values
    renamed = str((fetch(url, COLUMNS), fetch(url, CONSTRAINTS)))
    assert not any(word in renamed for word in ("told", "warn_what", "barred"))
    command.downgrade(migrations._config(service), BEFORE[service])
    assert fetch(url, "SELECT told, warn_what, barred FROM deadline") == values
    assert (fetch(url, COLUMNS), fetch(url, CONSTRAINTS)) == before
