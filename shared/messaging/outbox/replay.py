"""Telling again: from the event log to the broker. Listeners drop what they have had, so a replay is always safe."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from asyncpg import Connection

from shared.core.ids import new_id
from shared.messaging.envelope import Fact
from shared.messaging.outbox.store import Ends


class Why(StrEnum):
    """Why facts are told again."""

    REFILL = "refill"  # the broker lost what it held
    GAP = "gap"  # a listener misses a fact
    LOSS = "loss"  # the broker dropped facts before a listener had heard them
    OPERATOR = "operator"  # a person wants it


@dataclass(frozen=True, slots=True)
class Scope:
    """Which facts are told again; by default all."""

    aggregate: str | None = None
    first_sequence: int = 1
    logged_from: datetime | None = None
    logged_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A replay under way."""

    id: UUID
    after_id: int
    until_id: int
    scope: Scope


_ORDER = """
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
"""An order that is under way is not enough: what it has told already may have been lost as well."""

_OPEN = """
SELECT id, after_id, until_id, aggregate, first_sequence, logged_from, logged_until
FROM replay_request WHERE done_at IS NULL ORDER BY requested_at LIMIT 100
"""

_FACTS = """
SELECT id, event_id, type, version, aggregate, sequence, occurred_at, traceparent, data::text FROM event_log
WHERE id > $1 AND id <= $2 AND ($3::text IS NULL OR aggregate = $3) AND sequence >= $4
  AND ($5::timestamptz IS NULL OR logged_at >= $5) AND ($6::timestamptz IS NULL OR logged_at < $6)
ORDER BY id LIMIT $7
"""

_COME_TO = """
WITH seen AS (UPDATE relay_state SET ends = ends || $3::text::jsonb)
UPDATE replay_request SET after_id = $2 WHERE id = $1
"""


async def order(connection: Connection, why: Why, scope: Scope, at: datetime) -> None:
    """Have the relay tell facts again; an equal order that has not begun is extended to what has been told since."""
    limits = (scope.aggregate, scope.first_sequence, scope.logged_from, scope.logged_until)
    await connection.execute(_ORDER, new_id(), why.value, *limits, at)


async def begin_anew(connection: Connection) -> None:
    """What running replays have told so far is lost with the broker that held it."""
    await connection.execute("UPDATE replay_request SET after_id = 0 WHERE done_at IS NULL")


async def open_requests(connection: Connection) -> list[Request]:
    """The orders that are not done, oldest first."""
    return [Request(row[0], row[1], row[2], Scope(*row[3:])) for row in await connection.fetch(_OPEN)]


async def facts(connection: Connection, request: Request, limit: int) -> list[Fact]:
    """The next facts of a request, in the order in which they were first told."""
    scope = request.scope
    limits = (scope.aggregate, scope.first_sequence, scope.logged_from, scope.logged_until)
    rows = await connection.fetch(_FACTS, request.after_id, request.until_id, *limits, limit)
    return [Fact(*row) for row in rows]


async def come_to(connection: Connection, request: Request, after: int, ends: Ends) -> Request:
    """Keep how far a request has come, and the topic with it."""
    await connection.execute(_COME_TO, request.id, after, json.dumps(ends))
    return replace(request, after_id=after)


async def finish(connection: Connection, request: Request, at: datetime) -> None:
    """Note that a request is done, unless it has been extended meanwhile."""
    done = "UPDATE replay_request SET done_at = $3 WHERE id = $1 AND until_id = $2"
    await connection.execute(done, request.id, request.until_id, at)
