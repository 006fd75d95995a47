"""Renames of tables, columns, constraints and comments to the field's words, for databases that exist. Rows are kept.

Not for a rolling upgrade: the version before fails on the renamed tables while it still serves, so the services are stopped
for this migration. No release promised otherwise.
"""

from alembic import op


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
