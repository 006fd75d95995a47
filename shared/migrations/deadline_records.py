"""The tables of deadlines, as the migration that brings them makes them. Frozen: a later change is a migration of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.append_only import guard_append_only

_TUNED = "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02"
_OPEN = "state IN ('running', 'paused', 'overdue')"


def create() -> None:
    """Make deadlines, their history, and the versions of the working-day calendar, inside a migration."""
    _deadlines()
    _indexes()
    _history()
    _calendars()
    for statement in guard_append_only("deadline_history"):
        op.execute(statement)
    op.execute(f"ALTER TABLE deadline SET ({_TUNED})")


def drop() -> None:
    """Take the tables away again, with their indexes."""
    for table in ("working_calendar", "deadline_history", "deadline"):
        op.drop_table(table)


def _deadlines() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), server_default="", nullable=False),
        sa.Column("name_en", sa.String(), server_default="", nullable=False),
        sa.Column("subject_kind", sa.String(), server_default="case", nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_no", sa.String(), server_default="", nullable=False),
        sa.Column("office", sa.String(), server_default="", nullable=False),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("county", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(), server_default="", nullable=False),
        sa.Column("calendar", sa.String(), server_default="", nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("pauses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("extensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "paused", "met", "overdue", "waived", name="deadlinestate", native_enum=False, length=64),
            server_default="running",
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), server_default="9999-01-01T00:00:00Z", nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("told", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("warn_what", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("warn_at", sa.ARRAY(sa.DateTime(timezone=True)), server_default="{}", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barred", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )


def _indexes() -> None:
    op.create_index(
        "ix_deadline_board",
        "deadline",
        ["ends_at", "id"],
        unique=False,
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index(
        "ix_deadline_board_city",
        "deadline",
        ["city", "ends_at", "id"],
        unique=False,
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index(
        "ix_deadline_board_county",
        "deadline",
        ["county", "ends_at", "id"],
        unique=False,
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index(
        "ix_deadline_next_at", "deadline", ["next_at", "id"], unique=False, postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_index("ix_deadline_subject_id", "deadline", ["subject_id", "code"], unique=False)


def _history() -> None:
    op.create_table(
        "deadline_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False, comment="opened, paused, resumed, extended, moved, warned, met or waived"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True, comment="the last day in time after this act; null while it is not known"),
        sa.Column("by_subject", sa.String(), nullable=False),
        sa.Column("by_org", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_history")),
        comment="Everything that ever happened to a deadline.",
        info={"append_only": True},
    )
    op.create_index("ix_deadline_history_deadline_id", "deadline_history", ["deadline_id", "id"], unique=False)


def _calendars() -> None:
    op.create_table(
        "working_calendar",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="SHA-256 of the file"),
        sa.Column("content", sa.Text(), nullable=False, comment="the file as it came (ccc-calendar/1)"),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_through", sa.Uuid(), nullable=True, comment="how far the open deadlines have been counted again"),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True, comment="when all of them had been"),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_working_calendar")),
        comment="Versions of the working-day calendar beyond the one that is delivered; a second person publishes.",
    )
