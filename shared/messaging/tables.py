"""The tables of outbox and inbox; in the service's own database, so that they commit with its own changes."""

import re

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from shared.database.session import APPEND_ONLY, instant, platform

_PARTITION = re.compile(r"event_log_\d{4}_\d{2}")

aggregate_sequence = Table(
    "aggregate_sequence",
    platform,
    Column("key", String, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    comment="The last sequence number of each aggregate; its row is the lock that keeps the order of the aggregate's events.",
)


def _event_columns() -> list[Column[object]]:
    """The columns of an event, the same in the outbox and in the event log."""
    return [
        Column("event_id", Uuid, nullable=False),
        Column("type", String, nullable=False),
        Column("version", SmallInteger, nullable=False),
        Column("aggregate", String, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("occurred_at", instant(), nullable=False),
        Column("traceparent", String),
        Column("data", JSON, nullable=False),
    ]


outbox = Table(
    "outbox",
    platform,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    *_event_columns(),
    comment="Events that are committed and not yet acknowledged by the broker.",
)

event_log = Table(
    "event_log",
    platform,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("logged_at", instant(), primary_key=True),
    *_event_columns(),
    Index("ix_event_log_aggregate", "aggregate", "sequence"),
    Index("ix_event_log_event_id", "event_id"),
    postgresql_partition_by="RANGE (logged_at)",
    info=APPEND_ONLY,
    comment="Every event this service has published, one partition a month: the source of every replay.",
)

relay_state = Table(
    "relay_state",
    platform,
    Column("one", Boolean, CheckConstraint("one", name="only_one"), primary_key=True, server_default=text("true")),
    Column("cluster_id", String, nullable=False),
    Column("ends", JSONB, nullable=False, comment="for each partition the offset after the last acknowledged record"),
    comment="The end of the service's topic as last acknowledged, to detect a broker that has lost records.",
)

replay_request = Table(
    "replay_request",
    platform,
    Column("id", Uuid, primary_key=True),
    Column("reason", String, nullable=False, comment="refill, gap, loss or operator"),
    Column("aggregate", String, comment="null for all"),
    Column("first_sequence", BigInteger, nullable=False),
    Column("logged_from", instant()),
    Column("logged_until", instant()),
    Column("after_id", BigInteger, nullable=False, comment="id of the last event of event_log that was published again"),
    Column("until_id", BigInteger, nullable=False, comment="id of the last event of event_log to publish again"),
    Column("requested_at", instant(), nullable=False),
    Column("done_at", instant()),
    Index("ix_replay_request_open", "requested_at", postgresql_where=text("done_at IS NULL")),
    comment="Events that the relay has to publish again.",
)

inbox = Table(
    "inbox",
    platform,
    Column("event_id", Uuid, primary_key=True),
    Column("source", String, nullable=False),
    Column("aggregate", String, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String, nullable=False),
    Column("handled_at", instant(), nullable=False),
    info=APPEND_ONLY,
    comment="Every event that was handled here, written in the transaction of its effect.",
)

inbox_sequence = Table(
    "inbox_sequence",
    platform,
    Column("source", String, primary_key=True),
    Column("aggregate", String, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column(
        "blocked", Boolean, nullable=False, server_default=text("false"), comment="whether the stream has unresolved dead letters"
    ),
    comment="The last sequence number handled of each stream (source, aggregate); its row is the lock of the stream.",
)

inbox_offset = Table(
    "inbox_offset",
    platform,
    Column("topic", String, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next", BigInteger, nullable=False, comment="the offset after the last record that was handled"),
    Column("cluster_id", String),
    Column("first", BigInteger, comment="offset of the first record that the partition held"),
    Column("first_at", BigInteger, comment="timestamp of that record in ms, by which the partition is identified"),
    comment="The next offset of each partition, and what identifies the partition.",
)

dead_letter = Table(
    "dead_letter",
    platform,
    Column("id", Uuid, primary_key=True),
    Column("source", String, nullable=False),
    Column("aggregate", String, comment="null when the envelope is unreadable"),
    Column("sequence", BigInteger),
    Column("event_id", Uuid),
    Column("type", String),
    Column("reason", String, nullable=False, comment="retrying, failed, deferred or unreadable"),
    Column("error", Text),
    Column("tries", Integer, nullable=False),
    Column("created_at", instant(), nullable=False),
    Column("next_try_at", instant(), comment="null when it is not to be retried by itself"),
    Column("resolved_at", instant()),
    Column("resolution", String, comment="handled, duplicate or dropped"),
    Column("drop_reason", Text, comment="why a person requested that it never be handled"),
    Column("drop_requested_by", String, comment="subject of that person; another person has to agree"),
    Column("fingerprint", LargeBinary, nullable=False, comment="SHA-256 of the message as received"),
    Column("message", JSONB, nullable=False, comment="the message as received: topic, partition, offset, key, value and headers"),
    UniqueConstraint("source", "aggregate", "sequence"),
    Index("uq_dead_letter_unreadable", "fingerprint", unique=True, postgresql_where=text("aggregate IS NULL")),
    Index("ix_dead_letter_open", "source", "aggregate", "sequence", postgresql_where=text("resolved_at IS NULL")),
    comment="Messages that failed, wait for an earlier one or are unreadable, with the reason and the resolution.",
)


def is_partition(name: str) -> bool:
    """Whether a table of this name is a month of the event log, which migrations leave alone."""
    return _PARTITION.fullmatch(name) is not None


ALL = (aggregate_sequence, outbox, event_log, relay_state, replay_request, inbox, inbox_sequence, inbox_offset, dead_letter)
"""The tables of messaging."""
