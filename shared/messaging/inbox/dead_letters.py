"""Dead letters: messages that failed, are deferred behind another one, or are unreadable, until they are handled or dropped."""

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
from shared.messaging.envelope import EventMessage, Record
from shared.messaging.inbox.deduplication import Stream

MAX_ERROR = 4000


class Reason(StrEnum):
    """Why a message is a dead letter."""

    RETRYING = "retrying"  # it failed and is retried soon
    FAILED = "failed"  # it failed too often or is not retryable; a person has to act
    DEFERRED = "deferred"  # an earlier one of its aggregate is a dead letter, or is missing and requested
    UNREADABLE = "unreadable"  # its envelope cannot be trusted, so it blocks no stream


_STORE = """
INSERT INTO dead_letter AS stored (id, source, aggregate, sequence, event_id, type, reason, error, tries, created_at,
                                   next_try_at, fingerprint, message)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, now() + $10 * interval '1 second', $11, $12::text::jsonb)
ON CONFLICT (source, aggregate, sequence) DO UPDATE
SET reason = excluded.reason, error = excluded.error, tries = 0, next_try_at = excluded.next_try_at,
    fingerprint = excluded.fingerprint, message = excluded.message
WHERE stored.resolved_at IS NULL AND stored.fingerprint <> excluded.fingerprint
"""
"""The same message again changes nothing; another content under the same number may be the correction and is tried."""

_STORE_UNREADABLE = """
INSERT INTO dead_letter (id, source, reason, error, tries, created_at, fingerprint, message)
VALUES ($1, $2, 'unreadable', $3, 0, $4, $5, $6::text::jsonb)
ON CONFLICT (fingerprint) WHERE aggregate IS NULL DO NOTHING
"""

_UPDATE_BLOCKED = """
UPDATE inbox_sequence AS current SET blocked = EXISTS (
    SELECT FROM dead_letter AS open
    WHERE open.source = current.source AND open.aggregate = current.aggregate AND resolved_at IS NULL)
FROM unnest($1::text[], $2::text[]) AS stream (source, aggregate)
WHERE current.source = stream.source AND current.aggregate = stream.aggregate
"""

_NEXT_DUE = """
SELECT letter.id, letter.tries, letter.message::text
FROM dead_letter AS letter JOIN inbox_sequence AS current USING (source, aggregate)
WHERE source = $1 AND aggregate = $2 AND letter.sequence = current.sequence + 1 AND resolved_at IS NULL
  AND reason <> 'failed' AND coalesce(next_try_at <= now(), true)
"""

_DUE_STREAMS = """
SELECT source, aggregate
FROM dead_letter AS letter JOIN inbox_sequence AS current USING (source, aggregate)
WHERE current.blocked AND letter.sequence = current.sequence + 1 AND resolved_at IS NULL
  AND reason <> 'failed' AND coalesce(next_try_at <= now(), true)
"""

_GAPS = """
SELECT source, aggregate, current.sequence + 1
FROM inbox_sequence AS current JOIN dead_letter AS letter USING (source, aggregate)
WHERE current.blocked AND resolved_at IS NULL
GROUP BY source, aggregate, current.sequence HAVING min(letter.sequence) > current.sequence + 1
"""

_NEXT_TRY = """
SELECT coalesce(extract(epoch FROM min(next_try_at) - now()), 86400) FROM dead_letter
WHERE resolved_at IS NULL AND reason = 'retrying'
"""

_RESOLVE = """
UPDATE dead_letter
SET resolved_at = $4, resolution = CASE WHEN sequence = $3 THEN $5 ELSE 'duplicate' END, next_try_at = NULL
WHERE source = $1 AND aggregate = $2 AND sequence <= $3 AND resolved_at IS NULL
"""

_RECORD_FAILURE = """
UPDATE dead_letter SET reason = $2, error = $3, tries = tries + 1, next_try_at = now() + $4 * interval '1 second'
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message to be stored as a dead letter, and why."""

    message: EventMessage
    reason: Reason
    error: str | None = None
    retry_after: float | None = None
    """Seconds until it is retried; None for one that is not retried by itself."""


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A stored dead letter that is the next message of its stream and due."""

    id: UUID
    tries: int
    record: Record


def fingerprint(record: Record) -> bytes:
    """SHA-256 of the message, independent of its partition and offset."""
    return hashlib.sha256(json.dumps([record.topic, *_content(record).values()]).encode()).digest()


def pack(record: Record) -> str:
    """The record as JSON, its bytes in base64."""
    return json.dumps({"topic": record.topic, "partition": record.partition, "offset": record.offset} | _content(record))


def unpack(packed: str) -> Record:
    """The inverse of `pack`; the timestamp is not stored."""
    fields = json.loads(packed)
    headers = [(name, b64decode(value)) for name, value in fields["headers"]]
    key, value = (None if fields[part] is None else b64decode(fields[part]) for part in ("key", "value"))
    return Record(fields["topic"], fields["partition"], fields["offset"], key, value, headers)


def _content(record: Record) -> dict[str, Any]:
    key, value = (None if part is None else b64encode(part).decode() for part in (record.key, record.value))
    return {
        "key": key,
        "value": value,
        "headers": [[name, b64encode(content).decode()] for name, content in record.headers],
    }


def describe(error: BaseException) -> str:
    """The error as stored with the message, `MAX_ERROR` characters at most."""
    return f"{type(error).__name__}: {error}".replace("\0", "\\0")[:MAX_ERROR]


async def store(connection: Connection, letters: Sequence[DeadLetter], at: datetime) -> None:
    """Store dead letters of locked streams."""
    await connection.executemany(_STORE, [_row(letter, at) for letter in letters])
    await _update_blocked(connection, {letter.message.stream for letter in letters})


def _row(letter: DeadLetter, at: datetime) -> tuple[object, ...]:
    message = letter.message
    delivery = message.delivery
    identity = (new_id(), delivery.source, delivery.aggregate, delivery.sequence, delivery.event_id, message.type)
    failure = (letter.reason.value, letter.error, at, letter.retry_after)
    return (*identity, *failure, fingerprint(message.record), pack(message.record))


async def store_unreadable(connection: Connection, record: Record, error: BaseException, at: datetime) -> None:
    """Store a record whose envelope cannot be trusted; its source is taken from the topic."""
    source = owner_of(record.topic)
    await connection.execute(_STORE_UNREADABLE, new_id(), source, describe(error), at, fingerprint(record), pack(record))


async def next_due(connection: Connection, stream: Stream) -> DueLetter | None:
    """The dead letter of a locked stream that is to be tried now."""
    row = await connection.fetchrow(_NEXT_DUE, *stream)
    return None if row is None else DueLetter(row[0], row[1], unpack(row[2]))


async def due_streams(connection: Connection) -> list[Stream]:
    """The streams whose next message is a dead letter to be tried now."""
    return [(row[0], row[1]) for row in await connection.fetch(_DUE_STREAMS)]


async def gaps(connection: Connection) -> list[tuple[str, str, int]]:
    """Source, aggregate and sequence number of the first missing event of each stream that has later ones."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(_GAPS)]


async def seconds_to_next_try(connection: Connection) -> float:
    """How long until a message that failed is to be retried; a day when there is none."""
    return max(0.0, float(await connection.fetchval(_NEXT_TRY)))


async def resolve(connection: Connection, stream: Stream, sequence: int, resolution: str, at: datetime) -> None:
    """Resolve the dead letter with this number; earlier ones of the locked stream become duplicates."""
    await connection.execute(_RESOLVE, *stream, sequence, at, resolution)
    await _update_blocked(connection, {stream})


async def record_failure(connection: Connection, letter: DueLetter, error: BaseException, pause: float | None) -> None:
    """Record a failed try; `pause` is the seconds until the next one, None where a person has to act."""
    reason = Reason.FAILED if pause is None else Reason.RETRYING
    await connection.execute(_RECORD_FAILURE, letter.id, reason.value, describe(error), pause)


async def _update_blocked(connection: Connection, streams: set[Stream]) -> None:
    await connection.execute(_UPDATE_BLOCKED, [source for source, _ in streams], [aggregate for _, aggregate in streams])
