"""From the outbox to the event log: the statements of the relay."""

import json
from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from shared.messaging.envelope import Fact

Ends = dict[int, int]
"""For each partition the offset after the last acknowledged record."""

_COLUMNS = "id, event_id, type, version, aggregate, sequence, occurred_at, traceparent, data"
_AS_FACT = f"{_COLUMNS}::text"

_MOVE = f"""
WITH sent AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING {_COLUMNS}),
     seen AS (UPDATE relay_state SET ends = ends || $3::text::jsonb)
INSERT INTO event_log (logged_at, {_COLUMNS}) SELECT $2, {_COLUMNS} FROM sent ORDER BY id
"""  # noqa: S608  (built from constants)


async def unsent(connection: Connection, limit: int) -> list[Fact]:
    """The first facts committed and not yet sent; not "all after the last id": ids are not taken in commit order."""
    rows = await connection.fetch(f"SELECT {_AS_FACT} FROM outbox ORDER BY id LIMIT $1", limit)  # noqa: S608
    return [Fact(*row) for row in rows]


async def move(connection: Connection, ids: Sequence[int], at: datetime, ends: Ends | None = None) -> None:
    """Record that these facts are on the broker: one statement takes them from the outbox into the log."""
    await connection.execute(_MOVE, ids, at, json.dumps(ends or {}))


async def ensure_month(connection: Connection, at: datetime) -> None:
    """See to it that the event log has the partition for the month of `at` (UTC)."""
    await connection.execute("SELECT event_log_month($1::date)", at.date())
