"""Renames of tables, columns, constraints and comments to the field's words, for databases that exist. Rows are kept.

Not for a rolling upgrade: the version before fails on the renamed tables while it still serves, so the services are stopped
for this migration. No release promised otherwise.
"""

from alembic import op


def rename_messaging() -> None:
    """Rename `parked_event` to `dead_letter`, and what else of messaging had names of its own, inside a migration."""
    op.rename_table("parked_event", "dead_letter")
    for table, before, after in _COLUMNS:
        op.alter_column(table, before, new_column_name=after)
    for before, after in _CONSTRAINTS:
        op.execute(f"ALTER TABLE dead_letter RENAME CONSTRAINT {before} TO {after}")
    for table, before, after in _NOT_NULL:
        op.execute(_RENAME_IF_EXISTS.format(table=table, before=before, after=after))
    for before, after in _INDEXES:
        op.execute(f"ALTER INDEX {before} RENAME TO {after}")
    op.execute("UPDATE dead_letter SET reason = 'deferred' WHERE reason = 'waiting'")
    for target, _, comment in _COMMENTS:
        _comment(target, comment)


def restore_messaging() -> None:
    """The inverse of `rename_messaging`."""
    for target, comment, _ in _COMMENTS:
        _comment(target, comment)
    op.execute("UPDATE dead_letter SET reason = 'waiting' WHERE reason = 'deferred'")
    for before, after in _INDEXES:
        op.execute(f"ALTER INDEX {after} RENAME TO {before}")
    for before, after in _CONSTRAINTS:
        op.execute(f"ALTER TABLE dead_letter RENAME CONSTRAINT {after} TO {before}")
    for table, before, after in _NOT_NULL:
        op.execute(_RENAME_IF_EXISTS.format(table=table, before=after, after=before))
    for table, before, after in _COLUMNS:
        op.alter_column(table, after, new_column_name=before)
    op.rename_table("dead_letter", "parked_event")


def _comment(target: str, comment: str | None) -> None:
    text = "NULL" if comment is None else "'" + comment.replace("'", "''") + "'"
    op.execute(f"COMMENT ON {target} IS {text}")


_COLUMNS = (
    ("dead_letter", "parked_at", "created_at"),
    ("dead_letter", "drop_ground", "drop_reason"),
    ("dead_letter", "drop_asked_by", "drop_requested_by"),
    ("inbox_sequence", "parked", "blocked"),
)

_CONSTRAINTS = (
    ("pk_parked_event", "pk_dead_letter"),
    ("uq_parked_event_source_aggregate_sequence", "uq_dead_letter_source_aggregate_sequence"),
)

_NOT_NULL = (
    *(
        ("dead_letter", f"parked_event_{column}_not_null", f"dead_letter_{column}_not_null")
        for column in ("id", "source", "reason", "tries", "fingerprint", "message")
    ),
    ("dead_letter", "parked_event_parked_at_not_null", "dead_letter_created_at_not_null"),
    ("inbox_sequence", "inbox_sequence_parked_not_null", "inbox_sequence_blocked_not_null"),
)


def rename_deadline_records() -> None:
    """Rename the columns of `deadline` that had names of their own, inside a migration."""
    for before, after in _DEADLINE_COLUMNS:
        _rename_deadline_column(before, after)


def restore_deadline_records() -> None:
    """The inverse of `rename_deadline_records`."""
    for before, after in _DEADLINE_COLUMNS:
        _rename_deadline_column(after, before)


def _rename_deadline_column(before: str, after: str) -> None:
    op.alter_column("deadline", before, new_column_name=after)
    names = {"before": f"deadline_{before}_not_null", "after": f"deadline_{after}_not_null"}
    op.execute(_RENAME_IF_EXISTS.format(table="deadline", **names))


_DEADLINE_COLUMNS = (("told", "warned"), ("warn_what", "warning_thresholds"), ("barred", "excluded_subjects"))

_RENAME_IF_EXISTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = '{table}'::regclass AND conname = '{before}') THEN
        ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after};
    END IF;
END $$
"""
"""From PostgreSQL 18 on, NOT NULL is a constraint with a name."""

_INDEXES = (
    ("ix_parked_event_open", "ix_dead_letter_open"),
    ("uq_parked_event_unreadable", "uq_dead_letter_unreadable"),
)

_COMMENTS: tuple[tuple[str, str | None, str], ...] = (
    (
        "TABLE aggregate_sequence",
        "How many facts have been told of each aggregate; its row is the lock that keeps their order.",
        "The last sequence number of each aggregate; its row is the lock that keeps the order of the aggregate's events.",
    ),
    (
        "TABLE outbox",
        "Facts that are committed and not yet known to be on the broker.",
        "Events that are committed and not yet acknowledged by the broker.",
    ),
    (
        "TABLE event_log",
        "Every fact this service has told, one partition a month: the source of every replay.",
        "Every event this service has published, one partition a month: the source of every replay.",
    ),
    (
        "TABLE relay_state",
        "What the broker held when it was last seen, to notice one that came back empty.",
        "The end of the service's topic as last acknowledged, to detect a broker that has lost records.",
    ),
    ("TABLE replay_request", "What the relay has to tell once more.", "Events that the relay has to publish again."),
    ("COLUMN replay_request.reason", "refill, gap or operator", "refill, gap, loss or operator"),
    (
        "COLUMN replay_request.after_id",
        "how far in event_log it has come",
        "id of the last event of event_log that was published again",
    ),
    (
        "COLUMN replay_request.until_id",
        "where in event_log it ends",
        "id of the last event of event_log to publish again",
    ),
    (
        "TABLE inbox",
        "Every fact that took effect here, written in the transaction of its effect.",
        "Every event that was handled here, written in the transaction of its effect.",
    ),
    (
        "TABLE inbox_sequence",
        "How far each aggregate of each source has been heard; its row is the lock of the aggregate's turn.",
        "The last sequence number handled of each stream (source, aggregate); its row is the lock of the stream.",
    ),
    ("COLUMN inbox_sequence.blocked", None, "whether the stream has unresolved dead letters"),
    (
        "TABLE inbox_offset",
        "How far each partition of the broker has been heard, and by what it is known again.",
        "The next offset of each partition, and what identifies the partition.",
    ),
    (
        "COLUMN inbox_offset.next",
        "the offset after the last record that had its effect",
        "the offset after the last record that was handled",
    ),
    (
        "COLUMN inbox_offset.first_at",
        "its timestamp in ms: by it the partition is known again",
        "timestamp of that record in ms, by which the partition is identified",
    ),
    (
        "TABLE dead_letter",
        "Messages set aside with the reason, and what became of them.",
        "Messages that failed, wait for an earlier one or are unreadable, with the reason and the resolution.",
    ),
    ("COLUMN dead_letter.aggregate", "null when the envelope cannot be believed", "null when the envelope is unreadable"),
    ("COLUMN dead_letter.reason", "retrying, failed, waiting or unreadable", "retrying, failed, deferred or unreadable"),
    ("COLUMN dead_letter.next_try_at", "of a head that is being retried", "null when it is not to be retried by itself"),
    (
        "COLUMN dead_letter.drop_reason",
        "why a person asked that it never take effect",
        "why a person requested that it never be handled",
    ),
    (
        "COLUMN dead_letter.drop_requested_by",
        "subject of that person; another one has to agree",
        "subject of that person; another person has to agree",
    ),
    ("COLUMN dead_letter.fingerprint", "SHA-256 of the message as it came", "SHA-256 of the message as received"),
    (
        "COLUMN dead_letter.message",
        "the message as it came: place, key, value and headers",
        "the message as received: topic, partition, offset, key, value and headers",
    ),
)
"""For each table or column its comment before and after."""
