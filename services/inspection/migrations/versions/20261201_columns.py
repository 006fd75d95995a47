"""Experts are assigned (调派): the table is named by it."""

from collections.abc import Sequence

from alembic import op

revision: str = "5d0b7c3e91fa"
down_revision: str | None = "91c4e86ab05d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.rename_table("allotted_expert", "assigned_expert")
    op.execute("ALTER INDEX pk_allotted_expert RENAME TO pk_assigned_expert")


def downgrade() -> None:
    """Go back to the version before."""
    op.execute("ALTER INDEX pk_assigned_expert RENAME TO pk_allotted_expert")
    op.rename_table("assigned_expert", "allotted_expert")
