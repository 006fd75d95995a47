"""A real PostgreSQL with the tables of messaging: migrated by the owner, used as the run-time role."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from shared.core.clock import FrozenClock
from shared.core.ids import new_id
from shared.database.session import Database, grant_runtime_role, open_database, platform
from shared.messaging import tables
from shared.migrations.messaging import upgrade_statements
from shared.security import audit
from tests.shared.messaging.brokers import TestBroker, new_broker
from tests.shared.messaging.events import EFFECTS
from tests.shared.messaging.fixtures import OpenService, ServicePair

START = datetime(2024, 9, 2, 1, tzinfo=UTC)
ROLE = "messaging_runtime"


@pytest.fixture(scope="session")
def server(postgres: URL) -> URL:
    """The superuser's address of the run's PostgreSQL."""
    return postgres


@pytest.fixture
async def open_service(server: URL) -> AsyncIterator[OpenService]:
    """Open a new database of a service as its run-time role."""
    opened: list[Database] = []

    async def open_one(service: str) -> Database:
        address = (await _create(server, f"{service}_{new_id().hex}")).set(username=ROLE)
        opened.append(open_database(address, pool_size=10, clock=FrozenClock(START), name=service))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
async def producer(open_service: OpenService) -> Database:
    """The database of a service that publishes."""
    return await open_service("producer")


@pytest.fixture
async def consumer(open_service: OpenService) -> Database:
    """The database of a service that consumes."""
    return await open_service("consumer")


async def _create(server: URL, name: str) -> URL:
    await _as_owner(server, "SELECT pg_advisory_lock(1)", _ROLE_ONCE, f'CREATE DATABASE "{name}"')
    owner = create_async_engine(server.set(database=name))
    async with owner.begin() as connection:
        await connection.run_sync(lambda sync: platform.create_all(sync, tables=[*tables.ALL, audit.audit_log]))
        for statement in (*upgrade_statements(), EFFECTS):
            await connection.exec_driver_sql(statement)
        await connection.run_sync(lambda sync: grant_runtime_role(sync, ROLE, [platform]))
    await owner.dispose()
    return server.set(database=name)


_ROLE_ONCE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} LOGIN; END IF;
END $$
"""


async def _as_owner(server: URL, *statements: str) -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)
    await engine.dispose()


@pytest.fixture(scope="module")
async def broker() -> AsyncIterator[TestBroker]:
    """A broker for the tests of one file."""
    test_broker = new_broker()
    await test_broker.start()
    yield test_broker
    await test_broker.stop()


@pytest.fixture
async def pair(broker: TestBroker, open_service: OpenService) -> ServicePair:
    """A producer and a consumer with topics of their own."""
    return await ServicePair(broker, open_service).build()


@pytest.fixture
async def isolated(open_service: OpenService) -> AsyncIterator[ServicePair]:
    """The same with an embedded broker of its own, for tests that stop or freeze it."""
    test_broker = new_broker(None)
    await test_broker.start()
    yield await ServicePair(test_broker, open_service).build()
    await test_broker.stop()
