"""How far the broker's partitions have been heard is kept with the effects."""

from collections.abc import Sequence

from alembic import op

from shared.migrations.platform import create_inbox_offset

revision: str = "7bafe9e8996e"
down_revision: str | None = "bbed20bc7d0d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    create_inbox_offset()


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("inbox_offset")
