"""Telling a fact: its outbox row is part of the act's own transaction, so it is told exactly when the act happened."""

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

_TELL = """
WITH bumped AS (
    INSERT INTO aggregate_sequence AS kept (key, sequence)
    SELECT aggregate, count(*) FROM unnest($4::text[]) AS told (aggregate) GROUP BY aggregate ORDER BY aggregate
    ON CONFLICT (key) DO UPDATE SET sequence = kept.sequence + excluded.sequence
    RETURNING key, sequence
)
INSERT INTO outbox (event_id, type, version, aggregate, sequence, occurred_at, traceparent, data)
SELECT event_id, type, version, aggregate, bumped.sequence - following, occurred_at, traceparent, data::json
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[])
WITH ORDINALITY AS new (event_id, type, version, aggregate, following, occurred_at, traceparent, data, place)
JOIN bumped ON bumped.key = new.aggregate
ORDER BY place
"""
"""Aggregates are locked in their order, so that two acts on the same ones wait for each other instead of deadlocking; an id is
taken only after all of them, because the rows are sorted in between: so ids follow the commits of an aggregate."""


_TELL_ONE = """
WITH bumped AS (
    INSERT INTO aggregate_sequence AS kept (key, sequence) VALUES ($4, 1 + $5::bigint)
    ON CONFLICT (key) DO UPDATE SET sequence = kept.sequence + 1 RETURNING sequence
)
INSERT INTO outbox (event_id, type, version, aggregate, sequence, occurred_at, traceparent, data)
SELECT $1, $2, $3, $4, sequence, $6, $7, $8::text::json FROM bumped
"""
"""The same for a single fact, as most acts tell."""


@dataclass(frozen=True, slots=True)
class _Told:
    event_id: UUID
    event: Event
    at: datetime
    traceparent: str | None
    data: str


def emit(session: Session, event: Event) -> None:
    """Tell the other services that `event` has happened at `session.now`; it leaves with the commit, or never.

    Raises:
        TypeError: the event belongs to another service.
        ValueError: the event is too large for the broker.
    """
    if event.owner != session.database.service:
        raise TypeError(f"{type(event).__name__} belongs to {event.owner}, not to {session.database.service}")
    data = event.model_dump_json()
    if len(data.encode()) > MAX_DATA_BYTES:
        raise ValueError(f"{type(event).__name__} is larger than {MAX_DATA_BYTES} bytes")
    session.defer(_write, _Told(new_id(), event, session.now, traceparent(), data))


async def _write(session: Session, told: list[_Told]) -> None:
    """Lock the aggregates by counting their facts, then insert: one statement."""
    connection = await driver(session)
    columns = _columns(told)
    if len(told) == 1:
        await connection.execute(_TELL_ONE, *(value for (value,) in columns))
    else:
        await connection.execute(_TELL, *columns)
    session.on_commit(session.database.told.set)


def _following(aggregates: list[str]) -> list[int]:
    """How many facts of the same aggregate follow each."""
    left = Counter(aggregates)
    following = []
    for key in aggregates:
        left[key] -= 1
        following.append(left[key])
    return following


def _columns(told: list[_Told]) -> list[list[object]]:
    aggregates = [one.event.aggregate for one in told]
    rows = (
        (one.event_id, one.event.type_name(), one.event.version, key, following, one.at, one.traceparent, one.data)
        for one, key, following in zip(told, aggregates, _following(aggregates), strict=True)
    )
    return [list(column) for column in zip(*rows, strict=True)]
