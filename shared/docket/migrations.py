"""What the migration that makes the tables of deadlines runs besides."""

from shared.db import guard_append_only

_TUNED = "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02"


def upgrade_statements() -> list[str]:
    """The statements to run after the tables of `shared.docket.tables` exist; for `op.execute`."""
    return [*guard_append_only("deadline_history"), f"ALTER TABLE deadline SET ({_TUNED})"]
