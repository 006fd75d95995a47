"""One database a service, one owner of the commit, and what every table has in common.

`transaction()` is the only place that commits. Deferred rows (audit, events) are written inside it, just before the commit, so
that a change, its audit row and its event are committed together or not at all.

One way for each kind of statement:

- `session.exec`: a `sqlmodel.select` of one entity or one column, typed by it;
- `session.execute`: a select of several columns, and INSERT, UPDATE or DELETE built with SQLAlchemy;
- `session.fetch`: SQL text with $1, $2 … on a hot path, and every prepared select (`shared.database.prepared`);
- `session.driver` (in a transaction), `driver(session)` (in either kind of session): asyncpg itself, for COPY and executemany.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, cast

from asyncpg import Connection as DriverConnection
from asyncpg import ConnectionDoesNotExistError, InternalClientError, Record
from sqlalchemy import Connection, DateTime, Enum, MetaData, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as SQLAlchemySession
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession

from shared.core.clock import Clock
from shared.database.pool import FairPool, pre_ping_by_driver_state

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

platform = MetaData(naming_convention=NAMING)
"""The tables that every service has besides its own: audit, idempotency, outbox, event log, inbox."""

APPEND_ONLY: dict[str, Any] = {"append_only": True}
"""`info` of a table whose rows the run-time role may add and read, never change or delete."""

ROLLBACK_SECONDS = 2.0

Writer = Callable[["Session", list[Any]], Awaitable[None]]


def metadata() -> MetaData:
    """A service's own table catalogue; two services may use one table name."""
    return MetaData(naming_convention=NAMING)


def enum_text(kind: type[StrEnum]) -> Enum:
    """A column type that stores an enumeration as text and reads it as its class."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=64,
        values_callable=lambda members: [member.value for member in members],
    )


def instant() -> DateTime:
    """A column type for instants: timestamp with time zone."""
    return DateTime(timezone=True)


@contextmanager
def _sending() -> Iterator[None]:
    """Around a statement on the bare connection.

    Until the stream ends, asyncpg takes a connection that the server has ended for one in use, and sends nothing more.

    Raises:
        ConnectionDoesNotExistError: the server has ended the connection; the statement was not sent.
    """
    try:
        yield
    except InternalClientError as error:
        raise ConnectionDoesNotExistError("the server has ended this connection") from error


class _Session(SQLModelSession):
    """SQLModel's session without its warning against `execute`, which rows of several columns and Core statements need."""

    execute = SQLAlchemySession.execute


class ReadSession(_Session):
    """A session that the database itself keeps from writing. It takes a connection when it first needs one."""

    def __init__(self, database: "Database", now: datetime) -> None:
        """Read from `database` at the instant `now`."""
        super().__init__(database.reading, expire_on_commit=False)
        self.database = database
        self.now = now

    async def fetch(self, statement: str, *values: Any) -> list[Record]:
        """The rows of one SQL text, on a connection that returns to the pool at once."""
        lent = await self.database.reading.raw_connection()
        try:
            with _sending():
                return await cast("DriverConnection", lent.driver_connection).fetch(statement, *values)
        finally:
            lent.close()


class Session(_Session):
    """A session inside `transaction()`. `now` is the one instant of the transaction."""

    def __init__(self, database: "Database", connection: AsyncConnection, driver: DriverConnection, now: datetime) -> None:
        """Work in the transaction that has begun on `connection`, whose own driver is `driver`, at the instant `now`."""
        super().__init__(connection, expire_on_commit=False, autoflush=True)
        self.database, self.driver, self.now = database, driver, now
        self._deferred: dict[Writer, list[Any]] = {}
        self._on_commit: list[Callable[[], None]] = []

    async def fetch(self, statement: str, *values: Any) -> list[Record]:
        """The rows of one SQL text, in this transaction."""
        with _sending():
            return await self.driver.fetch(statement, *values)

    def defer(self, writer: Writer, item: Any) -> None:
        """Have `writer` store `item`, together with all others of its kind, just before the commit."""
        self._deferred.setdefault(writer, []).append(item)

    def on_commit(self, call: Callable[[], None]) -> None:
        """Have `call` called as soon as the transaction is committed."""
        self._on_commit.append(call)

    def committed(self) -> None:
        """Call what `on_commit` registered."""
        for call in self._on_commit:
            call()

    async def write_now(self) -> None:
        """Store what was deferred so far: done before the commit, earlier in a transaction too large to hold all of it."""
        await self.flush()
        while self._deferred:
            writer, items = self._deferred.popitem()
            await writer(self, items)


@dataclass(frozen=True)
class Database:
    """The two engines of `service`: one that writes, one whose sessions are read-only by the server's own setting.

    `emitted` is set whenever a transaction that emitted an event has been committed here.
    """

    service: str
    writing: AsyncEngine
    reading: AsyncEngine
    clock: Clock
    emitted: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Close all connections."""
        await self.writing.dispose()
        await self.reading.dispose()


def open_database(url: URL, *, pool_size: int, clock: Clock, name: str, schema: str = "public") -> Database:
    """Prepare the engines of the service `name`; nothing is connected before the first use.

    Each keeps what a burst has opened, half as many again as `pool_size`: to close a connection and open it again costs more.
    Both are in autocommit: a read is one statement, and `transaction()` sends BEGIN and COMMIT itself.
    """
    server = {"timezone": "UTC", "application_name": name, "jit": "off", "search_path": schema}
    engine = partial(
        create_async_engine,
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=FairPool,
        pool_size=pool_size * 3 // 2,
        max_overflow=0,
        pool_timeout=2,
        hide_parameters=True,  # an error that is logged shows the statement, never the values
    )
    writing = pre_ping_by_driver_state(engine(connect_args={"server_settings": server, "timeout": 2}))
    server = server | {"default_transaction_read_only": "on"}
    reading = pre_ping_by_driver_state(engine(connect_args={"server_settings": server, "timeout": 2}))
    return Database(name, writing, reading, clock)


@asynccontextmanager
async def transaction(database: Database, now: datetime | None = None) -> AsyncIterator[Session]:
    """Everything inside commits together at the end, or nothing does. `now` defaults to the clock's instant."""
    async with database.writing.connect() as connection:
        raw = await _driver_of(connection)
        session = Session(database, connection, raw, now or database.clock.now())
        async with _explicit_transaction(raw):
            yield session
            await session.write_now()
        session.committed()
        if session.in_transaction():  # of its own view; nothing is left to write
            await session.commit()


class NothingCommittedError(Exception):
    """A statement of this transaction had failed and the caller went on as if it had not."""


@asynccontextmanager
async def _explicit_transaction(raw: DriverConnection) -> AsyncIterator[None]:
    """BEGIN and COMMIT, or ROLLBACK; a connection whose transaction may not have ended is terminated.

    asyncpg's own `transaction()` takes one whose BEGIN was interrupted for an outer transaction: later ones on that connection
    would be savepoints in it, answered and never committed.
    """
    ended = False
    try:
        with _sending():
            await raw.execute("BEGIN")
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the first error is the one to report
                async with asyncio.timeout(ROLLBACK_SECONDS):
                    await raw.execute("ROLLBACK")
                ended = True
            raise
        with _sending():
            outcome = await raw.execute("COMMIT")
        ended = True
        if outcome != "COMMIT":
            raise NothingCommittedError
    finally:
        if not ended:
            raw.terminate()


@asynccontextmanager
async def reading(database: Database) -> AsyncIterator[ReadSession]:
    """A session that only reads; each statement sees the latest committed state."""
    session = ReadSession(database, database.clock.now())
    try:
        yield session
    finally:
        if session.in_transaction():  # it holds a connection
            await asyncio.shield(session.close())


async def driver(session: SQLAlchemySession) -> DriverConnection:
    """The asyncpg connection of this session, in the same transaction."""
    return session.driver if isinstance(session, Session) else await _driver_of(await session.connection())


async def _driver_of(connection: AsyncConnection) -> DriverConnection:
    return cast("DriverConnection", (await connection.get_raw_connection()).driver_connection)


async def lock(session: Session, name: str) -> None:
    """Hold the database-wide lock `name` until the transaction ends."""
    await session.driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)


async def try_lock(session: Session, name: str) -> bool:
    """Hold the database-wide lock `name` until the transaction ends, unless somebody else holds it; whether it is ours."""
    return bool(await session.driver.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", name))


def grant_runtime_role(connection: Connection, role: str, tables: list[MetaData]) -> None:
    """Grant the run-time role only what it needs: append-only tables cannot be updated, deleted from or truncated by it."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    run = connection.exec_driver_sql
    run(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
    run(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
    if inspect(connection).has_table("alembic_version"):
        run(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}")
    for name in _append_only(connection, tables):
        run(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{name}" FROM {quoted}')


def _append_only(connection: Connection, tables: list[MetaData]) -> list[str]:
    """The names of the append-only tables that have been made, with the partitions that they have by now."""
    made = set(inspect(connection).get_table_names())
    own = [table for group in tables for table in group.sorted_tables if table.info.get("append_only")]
    names = [table.name for table in own if table.name in made]
    parts = text(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = ANY(CAST(CAST(:names AS text[]) AS regclass[]))"
    )
    return [*names, *connection.execute(parts, {"names": names}).scalars()]


__all__ = [
    "APPEND_ONLY",
    "Database",
    "ReadSession",
    "SQLModel",
    "Session",
    "driver",
    "enum_text",
    "grant_runtime_role",
    "instant",
    "lock",
    "metadata",
    "open_database",
    "platform",
    "reading",
    "transaction",
    "try_lock",
]
