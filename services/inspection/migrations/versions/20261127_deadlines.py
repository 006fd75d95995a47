"""Deadlines with their history and warnings, and versions of the working-day calendar."""

from collections.abc import Sequence

from shared.migrations import deadline_records

revision: str = "074ae07e1420"
down_revision: str | None = "d0dead2eb54b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    deadline_records.create()


def downgrade() -> None:
    """Go back to the version before."""
    deadline_records.drop()
