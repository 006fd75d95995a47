"""Replay: publishing events of the event log again. Consumers skip what they have handled, so a replay is always safe."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from asyncpg import Connection

from shared.core.ids import new_id
from shared.messaging.envelope import StoredEvent
from shared.messaging.outbox.store import EndOffsets


class ReplayReason(StrEnum):
    """Why events are published again."""

    REFILL = "refill"  # the broker lost what it held
    GAP = "gap"  # a consumer misses an event
    LOSS = "loss"  # the broker dropped records before a consumer had received them
    OPERATOR = "operator"  # a person requested it


@dataclass(frozen=True, slots=True)
class ReplayScope:
    """Which events are published again; by default all."""

    aggregate: str | None = None
    first_sequence: int = 1
    logged_from: datetime | None = None
    logged_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """An open replay request: events with `after_id` < id <= `until_id` are still to be published."""

    id: UUID
    after_id: int
    until_id: int
    scope: ReplayScope


_REQUEST = """
WITH extended AS (
    UPDATE replay_request SET until_id = (SELECT coalesce(max(id), 0) FROM event_log)
    WHERE done_at IS NULL AND after_id = 0 AND reason = $2::text AND aggregate IS NOT DISTINCT FROM $3::text
    AND first_sequence = $4 AND logged_from IS NOT DISTINCT FROM $5::timestamptz
    AND logged_until IS NOT DISTINCT FROM $6::timestamptz RETURNING id)
INSERT INTO replay_request
    (id, reason, aggregate, first_sequence, logged_from, logged_until, after_id, until_id, requested_at)
SELECT $1, $2, $3, $4, $5, $6, 0, (SELECT coalesce(max(id), 0) FROM event_log), $7
WHERE NOT EXISTS (SELECT FROM extended)
"""
"""A request that has begun is not extended: what it has published already may have been lost as well."""

_OPEN = """
SELECT id, after_id, until_id, aggregate, first_sequence, logged_from, logged_until
FROM replay_request WHERE done_at IS NULL ORDER BY requested_at LIMIT 100
"""

_NEXT = """
SELECT id, event_id, type, version, aggregate, sequence, occurred_at, traceparent, data::text FROM event_log
WHERE id > $1 AND id <= $2 AND ($3::text IS NULL OR aggregate = $3) AND sequence >= $4
  AND ($5::timestamptz IS NULL OR logged_at >= $5) AND ($6::timestamptz IS NULL OR logged_at < $6)
ORDER BY id LIMIT $7
"""

_ADVANCE = """
WITH seen AS (UPDATE relay_state SET ends = ends || $3::text::jsonb)
UPDATE replay_request SET after_id = $2 WHERE id = $1
"""


async def request(connection: Connection, reason: ReplayReason, scope: ReplayScope, at: datetime) -> None:
    """Have the relay publish events again; an equal request that has not begun is extended to the present end of the log."""
    limits = (scope.aggregate, scope.first_sequence, scope.logged_from, scope.logged_until)
    await connection.execute(_REQUEST, new_id(), reason.value, *limits, at)


async def restart_open(connection: Connection) -> None:
    """Restart all open requests, because the broker has lost what they had published."""
    await connection.execute("UPDATE replay_request SET after_id = 0 WHERE done_at IS NULL")


async def open_requests(connection: Connection) -> list[ReplayRequest]:
    """The open requests, oldest first, 100 at most."""
    return [ReplayRequest(row[0], row[1], row[2], ReplayScope(*row[3:])) for row in await connection.fetch(_OPEN)]


async def next_events(connection: Connection, request: ReplayRequest, limit: int) -> list[StoredEvent]:
    """The next events of a request, in the order in which they were first published."""
    scope = request.scope
    limits = (scope.aggregate, scope.first_sequence, scope.logged_from, scope.logged_until)
    rows = await connection.fetch(_NEXT, request.after_id, request.until_id, *limits, limit)
    return [StoredEvent(*row) for row in rows]


async def advance(connection: Connection, request: ReplayRequest, after: int, ends: EndOffsets) -> ReplayRequest:
    """Save that a request has published all events up to id `after`, and the acknowledged end offsets of the topic."""
    await connection.execute(_ADVANCE, request.id, after, json.dumps(ends))
    return replace(request, after_id=after)


async def finish(connection: Connection, request: ReplayRequest, at: datetime) -> None:
    """Close a request, unless it has been extended meanwhile."""
    done = "UPDATE replay_request SET done_at = $3 WHERE id = $1 AND until_id = $2"
    await connection.execute(done, request.id, request.until_id, at)
