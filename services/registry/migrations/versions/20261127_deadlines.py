"""Deadlines with their history and warnings, and versions of the working-day calendar."""

from collections.abc import Sequence

from shared.migrations import deadline_records

revision: str = "bbed20bc7d0d"
down_revision: str | None = "a5e44998f697"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    deadline_records.create()


def downgrade() -> None:
    """Go back to the version before."""
    deadline_records.drop()
