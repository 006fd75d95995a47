"""A database with dead letters of the version before is brought to the field's words and back, and loses no row."""

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
FAILED = """
INSERT INTO parked_event (id, source, aggregate, sequence, type, reason, error, tries, parked_at, drop_ground, drop_asked_by,
                          fingerprint, message)
VALUES (gen_random_uuid(), 's', 'a', 1, 't', 'failed', 'why', 4, '2026-11-30T00:00:00Z', 'sent twice', 'anne', 'f', '{}')
"""
DEFERRED = """
INSERT INTO parked_event (id, source, aggregate, sequence, type, reason, tries, parked_at, fingerprint, message)
VALUES (gen_random_uuid(), 's', 'a', 2, 't', 'waiting', 0, '2026-11-30T00:00:01Z', 'g', '{}')
"""
STREAM = "INSERT INTO inbox_sequence (source, aggregate, sequence, parked) VALUES ('s', 'a', 0, true)"


@pytest.fixture(params=SERVICES)
def old(request: pytest.FixtureRequest, postgres: URL, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> tuple[str, URL]:
    """A service's database in the version before; its name and its owner's address."""
    service = str(request.param)
    assert issuer
    url = postgres.set(drivername="postgresql", database=f"words_{service}")
    role = f"ccc_{service}"
    missing = f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
    make_role = f"DO $$ BEGIN IF {missing} THEN CREATE ROLE {role} LOGIN; END IF; END $$"
    asyncio.run(run_as_owner(postgres, make_role, f"DROP DATABASE IF EXISTS words_{service}", f"CREATE DATABASE words_{service}"))
    for name in ("CCC_DATABASE_URL", "CCC_DATABASE_OWNER_URL"):
        username = role if name == "CCC_DATABASE_URL" else url.username
        monkeypatch.setenv(name, url.set(username=username).render_as_string(hide_password=False))
    command.upgrade(migrations._config(service), BEFORE[service])
    return service, url


async def _statement(url: URL, text: str) -> list[Any]:
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        return [tuple(row) for row in await connection.fetch(text)]
    finally:
        await connection.close()


def rows(url: URL, text: str) -> list[Any]:
    return asyncio.run(_statement(url, text))


def names(url: URL) -> list[Any]:
    """Columns, comments, constraints and indexes of the database."""
    return [rows(url, query) for query in (_COLUMNS, _COMMENTS, _CONSTRAINTS, _INDEXES)]


_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
_COMMENTS = """
SELECT relname::text, objsubid, description FROM pg_description JOIN pg_class ON pg_class.oid = objoid
WHERE classoid = 'pg_class'::regclass AND relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
_CONSTRAINTS = "SELECT conname::text FROM pg_constraint ORDER BY 1"
_INDEXES = "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"


def test_dead_letters_survive_the_renaming_and_its_reversal(old: tuple[str, URL]) -> None:
    service, url = old
    before = names(url)
    for statement in (FAILED, DEFERRED, STREAM):
        rows(url, statement)
    command.upgrade(migrations._config(service), "head")
    migrations.check(service)
    fields = "sequence, reason, error, created_at::text, drop_reason, drop_requested_by"
    failed = (1, "failed", "why", "2026-11-30 00:00:00+00", "sent twice", "anne")
    deferred = (2, "deferred", None, "2026-11-30 00:00:01+00", None, None)
    assert rows(url, f"SELECT {fields} FROM dead_letter ORDER BY sequence") == [failed, deferred]
    assert rows(url, "SELECT blocked FROM inbox_sequence") == [(True,)]
    assert not [name for group in names(url) for name in group if "parked" in str(name)]
    command.downgrade(migrations._config(service), BEFORE[service])
    assert names(url) == before
    assert rows(url, "SELECT sequence, reason FROM parked_event ORDER BY sequence") == [(1, "failed"), (2, "waiting")]
