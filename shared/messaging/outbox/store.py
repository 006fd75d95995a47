"""The relay's statements: read the outbox, move published events to the event log."""

import json
from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from shared.messaging.envelope import StoredEvent

EndOffsets = dict[int, int]
"""For each partition the offset after the last acknowledged record."""

_COLUMNS = "id, event_id, type, version, aggregate, sequence, occurred_at, traceparent, data"
_SELECTED = f"{_COLUMNS}::text"

_MOVE = f"""
WITH sent AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING {_COLUMNS}),
     seen AS (UPDATE relay_state SET ends = ends || $3::text::jsonb)
INSERT INTO event_log (logged_at, {_COLUMNS}) SELECT $2, {_COLUMNS} FROM sent ORDER BY id
"""  # noqa: S608  (built from constants)


async def unsent(connection: Connection, limit: int) -> list[StoredEvent]:
    """The first committed events not yet sent; not "all after the last id": ids are not taken in commit order."""
    rows = await connection.fetch(f"SELECT {_SELECTED} FROM outbox ORDER BY id LIMIT $1", limit)  # noqa: S608
    return [StoredEvent(*row) for row in rows]


async def move(connection: Connection, ids: Sequence[int], at: datetime, ends: EndOffsets | None = None) -> None:
    """Record that these events are on the broker: one statement moves them from the outbox to the log.

    `at` becomes their `logged_at`; `ends` are the acknowledged end offsets of the topic.
    """
    await connection.execute(_MOVE, ids, at, json.dumps(ends or {}))


async def ensure_month(connection: Connection, at: datetime) -> None:
    """Create the partition of the event log for the month of `at` (UTC) unless it exists."""
    await connection.execute("SELECT event_log_month($1::date)", at.date())
