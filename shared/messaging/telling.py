"""Telling a fact: its outbox row is part of the act's own transaction, so it is told exactly when the act happened."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import event as hooks

from shared.db import Session, driver
from shared.events.base import Event
from shared.ids import new_id
from shared.logs import traceparent

MAX_DATA_BYTES = 900_000
"""Below the broker's usual limit of 1 MiB a message, headers included."""

_BUMP = """
INSERT INTO aggregate_sequence AS kept (key, sequence)
SELECT key, told FROM unnest($1::text[], $2::bigint[]) AS new (key, told) ORDER BY key
ON CONFLICT (key) DO UPDATE SET sequence = kept.sequence + excluded.sequence
RETURNING key, sequence
"""
"""Sorted, so that two acts on the same aggregates wait for each other instead of deadlocking."""

_INSERT = """
INSERT INTO outbox (event_id, type, version, aggregate, sequence, occurred_at, traceparent, data)
SELECT event_id, type, version, aggregate, sequence, occurred_at, traceparent, data::json
FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[], $8::text[])
WITH ORDINALITY AS new (event_id, type, version, aggregate, sequence, occurred_at, traceparent, data, place)
ORDER BY place
"""


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
    """Lock the aggregates by counting their facts, then insert: so ids follow the commits of an aggregate."""
    connection = await driver(session)
    aggregates = [each.event.aggregate for each in told]
    counts = Counter(aggregates)
    last = {row[0]: row[1] for row in await connection.fetch(_BUMP, list(counts), list(counts.values()))}
    await connection.execute(_INSERT, *_columns(told, aggregates, _sequences(aggregates, counts, last)))
    told_event = session.database.told
    hooks.listen(session.sync_session, "after_commit", lambda _: told_event.set(), once=True)


def _sequences(aggregates: list[str], counts: Counter[str], last: dict[str, int]) -> list[int]:
    following = {key: last[key] - count for key, count in counts.items()}
    sequences = []
    for key in aggregates:
        following[key] += 1
        sequences.append(following[key])
    return sequences


def _columns(told: list[_Told], aggregates: list[str], sequences: list[int]) -> list[list[object]]:
    rows = (
        (one.event_id, one.event.type_name(), one.event.version, key, sequence, one.at, one.traceparent, one.data)
        for one, key, sequence in zip(told, aggregates, sequences, strict=True)
    )
    return [list(column) for column in zip(*rows, strict=True)]
