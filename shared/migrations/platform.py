"""The tables that every service has, as its first migration makes them. Frozen: a later change is a migration of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.append_only import guard_append_only
from shared.migrations.messaging import REWRITTEN, upgrade_statements


def create() -> None:
    """Make the tables of acts and of messaging with their guards, inside a migration."""
    for make in (_acts, _told, _heard, _parked, _broker):
        make()
    for statement in (*upgrade_statements(), *guard_append_only("audit_log")):
        op.execute(statement)


def create_inbox_offset() -> None:
    """Make the table of offsets that have been heard, inside a migration."""
    op.create_table(
        "inbox_offset",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False, comment="the offset after the last record that had its effect"),
        sa.Column("cluster_id", sa.String(), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=True, comment="offset of the first record that the partition held"),
        sa.Column("first_at", sa.BigInteger(), nullable=True, comment="its timestamp in ms: by it the partition is known again"),
        sa.PrimaryKeyConstraint("topic", "partition", name=op.f("pk_inbox_offset")),
        comment="How far each partition of the broker has been heard, and by what it is known again.",
    )
    op.execute(f"ALTER TABLE inbox_offset SET ({REWRITTEN})")


def drop() -> None:
    """Take the tables away again, with their indexes."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION event_log_month")


_TABLES = (
    "replay_request",
    "relay_state",
    "parked_event",
    "inbox_sequence",
    "inbox",
    "event_log",
    "outbox",
    "aggregate_sequence",
    "idempotency_key",
    "audit_log",
)


def _acts() -> None:
    """Who did what, and which requests have acted."""
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("trace_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        info={"append_only": True},
    )
    op.create_index("ix_audit_log_object_id", "audit_log", ["object_id"], unique=False)
    op.create_index("ix_audit_log_subject", "audit_log", ["subject"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(op.f("ix_idempotency_key_at"), "idempotency_key", ["at"], unique=False)


def _told() -> None:
    """What a service tells: numbered, waiting for the broker, kept for ever."""
    op.create_table(
        "aggregate_sequence",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_aggregate_sequence")),
        comment="How many facts have been told of each aggregate; its row is the lock that keeps their order.",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("aggregate", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.String(), nullable=True),
        sa.Column("data", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        comment="Facts that are committed and not yet known to be on the broker.",
    )
    op.create_table(
        "event_log",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("aggregate", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.String(), nullable=True),
        sa.Column("data", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", "logged_at", name=op.f("pk_event_log")),
        comment="Every fact this service has told, one partition a month: the source of every replay.",
        info={"append_only": True},
        postgresql_partition_by="RANGE (logged_at)",
    )
    op.create_index("ix_event_log_aggregate", "event_log", ["aggregate", "sequence"], unique=False)
    op.create_index("ix_event_log_event_id", "event_log", ["event_id"], unique=False)


def _heard() -> None:
    """What has taken effect here, and how far each aggregate has been heard."""
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("aggregate", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
        comment="Every fact that took effect here, written in the transaction of its effect.",
        info={"append_only": True},
    )
    op.create_table(
        "inbox_sequence",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("aggregate", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("parked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("source", "aggregate", name=op.f("pk_inbox_sequence")),
        comment="How far each aggregate of each source has been heard; its row is the lock of the aggregate's turn.",
    )


def _parked() -> None:
    """Messages set aside."""
    op.create_table(
        "parked_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("aggregate", sa.String(), nullable=True, comment="null when the envelope cannot be believed"),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False, comment="retrying, failed, waiting or unreadable"),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True, comment="of a head that is being retried"),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True, comment="handled, duplicate or dropped"),
        sa.Column("drop_ground", sa.Text(), nullable=True, comment="why a person asked that it never take effect"),
        sa.Column("drop_asked_by", sa.String(), nullable=True, comment="subject of that person; another one has to agree"),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False, comment="SHA-256 of the message as it came"),
        sa.Column(
            "message",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the message as it came: place, key, value and headers",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_event")),
        sa.UniqueConstraint("source", "aggregate", "sequence", name=op.f("uq_parked_event_source_aggregate_sequence")),
        comment="Messages set aside with the reason, and what became of them.",
    )
    op.create_index(
        "ix_parked_event_open",
        "parked_event",
        ["source", "aggregate", "sequence"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "uq_parked_event_unreadable", "parked_event", ["fingerprint"], unique=True, postgresql_where=sa.text("aggregate IS NULL")
    )


def _broker() -> None:
    """What the broker held, and what is told again."""
    op.create_table(
        "relay_state",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("cluster_id", sa.String(), nullable=False),
        sa.Column(
            "ends",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="for each partition the offset after the last acknowledged record",
        ),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_relay_state")),
        comment="What the broker held when it was last seen, to notice one that came back empty.",
    )
    op.create_table(
        "replay_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="refill, gap or operator"),
        sa.Column("aggregate", sa.String(), nullable=True, comment="null for all"),
        sa.Column("first_sequence", sa.BigInteger(), nullable=False),
        sa.Column("logged_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("logged_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after_id", sa.BigInteger(), nullable=False, comment="how far in event_log it has come"),
        sa.Column("until_id", sa.BigInteger(), nullable=False, comment="where in event_log it ends"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_request")),
        comment="What the relay has to tell once more.",
    )
    op.create_index(
        "ix_replay_request_open", "replay_request", ["requested_at"], unique=False, postgresql_where=sa.text("done_at IS NULL")
    )
