"""The basis of a selection names no year: the campaign says of which years its failed samplings are."""

from collections.abc import Sequence

from alembic import op

revision: str = "8c1f5e2a90b7"
down_revision: str | None = "0ed94eff6e6e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.execute("UPDATE assignment SET basis = 'targeted_failed_sampling' WHERE basis = 'targeted_2023_failed'")


def downgrade() -> None:
    """Go back to the version before."""
    op.execute("UPDATE assignment SET basis = 'targeted_2023_failed' WHERE basis = 'targeted_failed_sampling'")
