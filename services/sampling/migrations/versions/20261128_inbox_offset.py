"""How far the broker's partitions have been heard is kept with the effects."""

from collections.abc import Sequence

from alembic import op

from shared.migrations.platform import create_inbox_offset

revision: str = "2c6de9b04f71"
down_revision: str | None = "a80084c7e63d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    create_inbox_offset()


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("inbox_offset")
