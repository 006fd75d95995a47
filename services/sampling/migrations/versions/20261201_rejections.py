"""A request that was refused keeps the ground of its rejection under that name."""

from collections.abc import Sequence

from alembic import op

revision: str = "a7c3e0d41f96"
down_revision: str | None = "5b9e27d8f013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    for table in ("expert_request", "object_replacement"):
        op.alter_column(table, "refusal_ground", new_column_name="rejection_ground")


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("expert_request", "object_replacement"):
        op.alter_column(table, "rejection_ground", new_column_name="refusal_ground")
