"""From the outbox to the event log: the statements of the relay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from shared.messaging.envelope import Fact

_COLUMNS = "id, event_id, type, version, aggregate, sequence, occurred_at, traceparent, data"
_AS_FACT = f"{_COLUMNS}::text"

_MOVE = f"""
WITH sent AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING {_COLUMNS})
INSERT INTO event_log (logged_at, {_COLUMNS}) SELECT $2, {_COLUMNS} FROM sent ORDER BY id
"""  # noqa: S608  (built from constants)


async def unsent(connection: Connection, limit: int) -> list[Fact]:
    """The first facts committed and not yet sent; not "all after the last id": ids are not taken in commit order."""
    rows = await connection.fetch(f"SELECT {_AS_FACT} FROM outbox ORDER BY id LIMIT $1", limit)  # noqa: S608
    return [Fact(*row) for row in rows]


async def move(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Record that these facts are on the broker: one statement takes them from the outbox into the log."""
    await connection.execute(_MOVE, ids, at)


async def ensure_month(connection: Connection, at: datetime) -> None:
    """See to it that the event log has the partition for the month of `at` (UTC)."""
    await connection.execute("SELECT event_log_month($1::date)", at.date())


async def logged(connection: Connection, after: int, until: int, limit: int) -> list[Fact]:
    """The facts of the log with `after < id <= until`, in the order in which they were told."""
    query = f"SELECT {_AS_FACT} FROM event_log WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3"  # noqa: S608
    return [Fact(*row) for row in await connection.fetch(query, after, until, limit)]


async def logged_of(connection: Connection, aggregate: str, first: int, limit: int) -> list[Fact]:
    """The facts of one aggregate from the sequence number `first` on."""
    query = f"SELECT {_AS_FACT} FROM event_log WHERE aggregate = $1 AND sequence >= $2 ORDER BY sequence LIMIT $3"  # noqa: S608
    return [Fact(*row) for row in await connection.fetch(query, aggregate, first, limit)]


async def last_logged(connection: Connection) -> int:
    """The id of the newest fact in the log, 0 when it is empty."""
    return int(await connection.fetchval("SELECT coalesce(max(id), 0) FROM event_log"))


async def find(connection: Connection, event_id: UUID) -> Fact | None:
    """One fact of the log."""
    row = await connection.fetchrow(f"SELECT {_AS_FACT} FROM event_log WHERE event_id = $1", event_id)  # noqa: S608
    return None if row is None else Fact(*row)
