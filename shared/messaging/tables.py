"""The tables by which a service tells and hears; in its own database, so that they commit with its own changes."""

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
    comment="How many facts have been told of each aggregate; its row is the lock that keeps their order.",
)


def _fact() -> list[Column[object]]:
    """The columns that an event has from the act that told it until the end of time."""
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
    *_fact(),
    comment="Facts that are committed and not yet known to be on the broker.",
)

event_log = Table(
    "event_log",
    platform,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("logged_at", instant(), primary_key=True),
    *_fact(),
    Index("ix_event_log_aggregate", "aggregate", "sequence"),
    Index("ix_event_log_event_id", "event_id"),
    postgresql_partition_by="RANGE (logged_at)",
    info=APPEND_ONLY,
    comment="Every fact this service has told, one partition a month: the source of every replay.",
)

relay_state = Table(
    "relay_state",
    platform,
    Column("one", Boolean, CheckConstraint("one", name="only_one"), primary_key=True, server_default=text("true")),
    Column("cluster_id", String, nullable=False),
    Column("ends", JSONB, nullable=False, comment="for each partition the offset after the last acknowledged record"),
    comment="What the broker held when it was last seen, to notice one that came back empty.",
)

replay_request = Table(
    "replay_request",
    platform,
    Column("id", Uuid, primary_key=True),
    Column("reason", String, nullable=False, comment="refill, gap or operator"),
    Column("aggregate", String, comment="null for all"),
    Column("first_sequence", BigInteger, nullable=False),
    Column("logged_from", instant()),
    Column("logged_until", instant()),
    Column("after_id", BigInteger, nullable=False, comment="how far in event_log it has come"),
    Column("until_id", BigInteger, nullable=False, comment="where in event_log it ends"),
    Column("requested_at", instant(), nullable=False),
    Column("done_at", instant()),
    Index("ix_replay_request_open", "requested_at", postgresql_where=text("done_at IS NULL")),
    comment="What the relay has to tell once more.",
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
    comment="Every fact that took effect here, written in the transaction of its effect.",
)

inbox_sequence = Table(
    "inbox_sequence",
    platform,
    Column("source", String, primary_key=True),
    Column("aggregate", String, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("parked", Boolean, nullable=False, server_default=text("false")),
    comment="How far each aggregate of each source has been heard; its row is the lock of the aggregate's turn.",
)

inbox_offset = Table(
    "inbox_offset",
    platform,
    Column("topic", String, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next", BigInteger, nullable=False, comment="the offset after the last record that had its effect"),
    Column("cluster_id", String),
    Column("first", BigInteger, comment="offset of the first record that the partition held"),
    Column("first_at", BigInteger, comment="its timestamp in ms: by it the partition is known again"),
    comment="How far each partition of the broker has been heard, and by what it is known again.",
)

parked_event = Table(
    "parked_event",
    platform,
    Column("id", Uuid, primary_key=True),
    Column("source", String, nullable=False),
    Column("aggregate", String, comment="null when the envelope cannot be believed"),
    Column("sequence", BigInteger),
    Column("event_id", Uuid),
    Column("type", String),
    Column("reason", String, nullable=False, comment="retrying, failed, waiting or unreadable"),
    Column("error", Text),
    Column("tries", Integer, nullable=False),
    Column("parked_at", instant(), nullable=False),
    Column("next_try_at", instant(), comment="of a head that is being retried"),
    Column("resolved_at", instant()),
    Column("resolution", String, comment="handled, duplicate or dropped"),
    Column("drop_ground", Text, comment="why a person asked that it never take effect"),
    Column("drop_asked_by", String, comment="subject of that person; another one has to agree"),
    Column("fingerprint", LargeBinary, nullable=False, comment="SHA-256 of the message as it came"),
    Column("message", JSONB, nullable=False, comment="the message as it came: place, key, value and headers"),
    UniqueConstraint("source", "aggregate", "sequence"),
    Index("uq_parked_event_unreadable", "fingerprint", unique=True, postgresql_where=text("aggregate IS NULL")),
    Index("ix_parked_event_open", "source", "aggregate", "sequence", postgresql_where=text("resolved_at IS NULL")),
    comment="Messages set aside with the reason, and what became of them.",
)


def is_partition(name: str) -> bool:
    """Whether a table of this name is a month of the event log, which migrations leave alone."""
    return _PARTITION.fullmatch(name) is not None


ALL = (aggregate_sequence, outbox, event_log, relay_state, replay_request, inbox, inbox_sequence, inbox_offset, parked_event)
"""The tables of messaging."""
