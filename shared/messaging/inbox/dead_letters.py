"""Messages set aside: what failed, and what waits for it. None leaves but by its effect or a person's word."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from asyncpg import Connection

from shared.core.ids import new_id
from shared.events.base import owner_of
from shared.messaging.envelope import Message, Record
from shared.messaging.inbox.deduplication import Stream

MAX_ERROR = 4000


class Reason(StrEnum):
    """Why a message is set aside."""

    RETRYING = "retrying"  # it failed and is tried again soon
    FAILED = "failed"  # it failed too often or cannot succeed; a person must look
    WAITING = "waiting"  # an earlier one of its aggregate is parked, or has not come and is asked for
    UNREADABLE = "unreadable"  # its envelope cannot be believed, so it holds up nobody


_PARK = """
INSERT INTO parked_event AS kept (id, source, aggregate, sequence, event_id, type, reason, error, tries, parked_at,
                                  next_try_at, fingerprint, message)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, now() + $10 * interval '1 second', $11, $12::text::jsonb)
ON CONFLICT (source, aggregate, sequence) DO UPDATE
SET reason = excluded.reason, error = excluded.error, tries = 0, next_try_at = excluded.next_try_at,
    fingerprint = excluded.fingerprint, message = excluded.message
WHERE kept.resolved_at IS NULL AND kept.fingerprint <> excluded.fingerprint
"""
"""The same message again changes nothing; another content under the same number may be the remedy and is tried."""

_PARK_UNREADABLE = """
INSERT INTO parked_event (id, source, reason, error, tries, parked_at, fingerprint, message)
VALUES ($1, $2, 'unreadable', $3, 0, $4, $5, $6::text::jsonb)
ON CONFLICT (fingerprint) WHERE aggregate IS NULL DO NOTHING
"""

_FLAG = """
UPDATE inbox_sequence AS heard SET parked = EXISTS (
    SELECT FROM parked_event AS open
    WHERE open.source = heard.source AND open.aggregate = heard.aggregate AND resolved_at IS NULL)
FROM unnest($1::text[], $2::text[]) AS stream (source, aggregate)
WHERE heard.source = stream.source AND heard.aggregate = stream.aggregate
"""

_HEAD = """
SELECT parked.id, parked.tries, parked.message::text
FROM parked_event AS parked JOIN inbox_sequence AS heard USING (source, aggregate)
WHERE source = $1 AND aggregate = $2 AND parked.sequence = heard.sequence + 1 AND resolved_at IS NULL
  AND reason <> 'failed' AND coalesce(next_try_at <= now(), true)
"""

_DUE = """
SELECT source, aggregate
FROM parked_event AS parked JOIN inbox_sequence AS heard USING (source, aggregate)
WHERE heard.parked AND parked.sequence = heard.sequence + 1 AND resolved_at IS NULL
  AND reason <> 'failed' AND coalesce(next_try_at <= now(), true)
"""

_GAPS = """
SELECT source, aggregate, heard.sequence + 1
FROM inbox_sequence AS heard JOIN parked_event AS parked USING (source, aggregate)
WHERE heard.parked AND resolved_at IS NULL
GROUP BY source, aggregate, heard.sequence HAVING min(parked.sequence) > heard.sequence + 1
"""

_NEXT_TRY = """
SELECT coalesce(extract(epoch FROM min(next_try_at) - now()), 86400) FROM parked_event
WHERE resolved_at IS NULL AND reason = 'retrying'
"""

_RESOLVE = """
UPDATE parked_event
SET resolved_at = $4, resolution = CASE WHEN sequence = $3 THEN $5 ELSE 'duplicate' END, next_try_at = NULL
WHERE source = $1 AND aggregate = $2 AND sequence <= $3 AND resolved_at IS NULL
"""

_FAILED = """
UPDATE parked_event SET reason = $2, error = $3, tries = tries + 1, next_try_at = now() + $4 * interval '1 second'
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class Parking:
    """A message to be set aside, and why."""

    message: Message
    reason: Reason
    error: str | None = None
    pause: float | None = None
    """Seconds until it is tried again; None for one that waits for something else."""


@dataclass(frozen=True, slots=True)
class Head:
    """A parked message whose turn it is."""

    id: UUID
    tries: int
    record: Record


def fingerprint(record: Record) -> bytes:
    """SHA-256 of the message as it came, wherever on the broker it lay."""
    return hashlib.sha256(json.dumps([record.topic, *_content(record).values()]).encode()).digest()


def pack(record: Record) -> str:
    """The message as it came, as JSON that holds any bytes."""
    return json.dumps({"topic": record.topic, "partition": record.partition, "offset": record.offset} | _content(record))


def unpack(packed: str) -> Record:
    """The inverse of `pack`."""
    kept = json.loads(packed)
    headers = [(name, b64decode(value)) for name, value in kept["headers"]]
    key, value = (None if kept[part] is None else b64decode(kept[part]) for part in ("key", "value"))
    return Record(kept["topic"], kept["partition"], kept["offset"], key, value, headers)


def _content(record: Record) -> dict[str, Any]:
    key, value = (None if part is None else b64encode(part).decode() for part in (record.key, record.value))
    return {
        "key": key,
        "value": value,
        "headers": [[name, b64encode(content).decode()] for name, content in record.headers],
    }


def describe(error: BaseException) -> str:
    """The error as kept with the message."""
    return f"{type(error).__name__}: {error}".replace("\0", "\\0")[:MAX_ERROR]


async def park(connection: Connection, parkings: Sequence[Parking], at: datetime) -> None:
    """Set messages of locked streams aside."""
    await connection.executemany(_PARK, [_row(parking, at) for parking in parkings])
    await _flag(connection, {parking.message.stream for parking in parkings})


def _row(parking: Parking, at: datetime) -> tuple[object, ...]:
    message = parking.message
    known = message.delivery
    identity = (new_id(), known.source, known.aggregate, known.sequence, known.event_id, message.type)
    why = (parking.reason.value, parking.error, at, parking.pause)
    return (*identity, *why, fingerprint(message.record), pack(message.record))


async def park_unreadable(connection: Connection, record: Record, error: BaseException, at: datetime) -> None:
    """Set a record aside of which only the topic is sure."""
    source = owner_of(record.topic)
    await connection.execute(_PARK_UNREADABLE, new_id(), source, describe(error), at, fingerprint(record), pack(record))


async def head_of(connection: Connection, stream: Stream) -> Head | None:
    """The parked message of a locked stream that is to be tried now."""
    row = await connection.fetchrow(_HEAD, *stream)
    return None if row is None else Head(row[0], row[1], unpack(row[2]))


async def due(connection: Connection) -> list[Stream]:
    """The streams whose head is to be tried now."""
    return [(row[0], row[1]) for row in await connection.fetch(_DUE)]


async def gaps(connection: Connection) -> list[tuple[str, str, int]]:
    """Source, aggregate and sequence number of what has not come though later ones have."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(_GAPS)]


async def seconds_to_next_try(connection: Connection) -> float:
    """How long until a message that failed is to be tried again; a day when there is none."""
    return max(0.0, float(await connection.fetchval(_NEXT_TRY)))


async def resolve(connection: Connection, stream: Stream, sequence: int, resolution: str, at: datetime) -> None:
    """Note what became of the message with this number; a locked stream has now been heard up to it."""
    await connection.execute(_RESOLVE, *stream, sequence, at, resolution)
    await _flag(connection, {stream})


async def failed(connection: Connection, head: Head, error: BaseException, pause: float | None) -> None:
    """Note that a parked message was tried in vain; without a pause before the next try it is left to a person."""
    reason = Reason.FAILED if pause is None else Reason.RETRYING
    await connection.execute(_FAILED, head.id, reason.value, describe(error), pause)


async def _flag(connection: Connection, streams: set[Stream]) -> None:
    await connection.execute(_FLAG, [source for source, _ in streams], [aggregate for _, aggregate in streams])
