"""Emitting an event: its outbox row is part of the command's transaction, so it is published exactly when that commits."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.core.ids import new_id
from shared.core.logs import traceparent
from shared.database.session import Session, driver
from shared.events.base import Event

MAX_DATA_BYTES = 900_000
"""Below the broker's usual limit of 1 MiB a message, headers included."""

_INSERT = """
WITH bumped AS (
    INSERT INTO aggregate_sequence AS current (key, sequence)
    SELECT aggregate, count(*) FROM unnest($4::text[]) AS emitted (aggregate) GROUP BY aggregate ORDER BY aggregate
    ON CONFLICT (key) DO UPDATE SET sequence = current.sequence + excluded.sequence
    RETURNING key, sequence
)
INSERT INTO outbox (event_id, type, version, aggregate, sequence, occurred_at, traceparent, data)
SELECT event_id, type, version, aggregate, bumped.sequence - following, occurred_at, traceparent, data::json
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[])
WITH ORDINALITY AS new (event_id, type, version, aggregate, following, occurred_at, traceparent, data, position)
JOIN bumped ON bumped.key = new.aggregate
ORDER BY position
"""
"""Aggregates are locked in their order, so that two commands on the same ones wait for each other instead of deadlocking; an
id is taken only after all of them, because the rows are sorted in between: so ids follow the commits of an aggregate."""


_INSERT_ONE = """
WITH bumped AS (
    INSERT INTO aggregate_sequence AS current (key, sequence) VALUES ($4, 1 + $5::bigint)
    ON CONFLICT (key) DO UPDATE SET sequence = current.sequence + 1 RETURNING sequence
)
INSERT INTO outbox (event_id, type, version, aggregate, sequence, occurred_at, traceparent, data)
SELECT $1, $2, $3, $4, sequence, $6, $7, $8::text::json FROM bumped
"""
"""The same for a single event, which is what most commands emit."""


@dataclass(frozen=True, slots=True)
class _EmittedEvent:
    event_id: UUID
    event: Event
    occurred_at: datetime
    traceparent: str | None
    data: str


def emit(session: Session, event: Event) -> None:
    """Publish to the other services that `event` happened at `session.now`: with the commit of the session, or never.

    Raises:
        TypeError: the event belongs to another service.
        ValueError: the event is larger than `MAX_DATA_BYTES`.
    """
    if event.owner != session.database.service:
        raise TypeError(f"{type(event).__name__} belongs to {event.owner}, not to {session.database.service}")
    data = event.model_dump_json()
    if len(data.encode()) > MAX_DATA_BYTES:
        raise ValueError(f"{type(event).__name__} is larger than {MAX_DATA_BYTES} bytes")
    session.defer(_write, _EmittedEvent(new_id(), event, session.now, traceparent(), data))


async def _write(session: Session, emitted: list[_EmittedEvent]) -> None:
    """Lock the aggregates by counting their events, then insert: one statement."""
    connection = await driver(session)
    columns = _columns(emitted)
    if len(emitted) == 1:
        await connection.execute(_INSERT_ONE, *(value for (value,) in columns))
    else:
        await connection.execute(_INSERT, *columns)
    session.on_commit(session.database.emitted.set)


def _following(aggregates: list[str]) -> list[int]:
    """For each event, how many later ones are of the same aggregate."""
    left = Counter(aggregates)
    following = []
    for key in aggregates:
        left[key] -= 1
        following.append(left[key])
    return following


def _columns(emitted: list[_EmittedEvent]) -> list[list[object]]:
    aggregates = [item.event.aggregate for item in emitted]
    rows = (
        (item.event_id, item.event.type_name(), item.event.version, key, following, item.occurred_at, item.traceparent, item.data)
        for item, key, following in zip(emitted, aggregates, _following(aggregates), strict=True)
    )
    return [list(column) for column in zip(*rows, strict=True)]
