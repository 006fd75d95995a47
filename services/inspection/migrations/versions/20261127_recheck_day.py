"""A recheck has a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "6f1be09c7d52"
down_revision: str | None = "074ae07e1420"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("rectification", sa.Column("recheck_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("rectification", "recheck_on")
