"""An assignment keeps when its object was told and of which day; a replacement may say the day of the visit."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "sampling_0002"
down_revision: str | None = "sampling_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("assignment", sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assignment", sa.Column("inspection_on", sa.Date(), nullable=True))
    op.add_column("member_replacement", sa.Column("inspection_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("member_replacement", "inspection_on")
    op.drop_column("assignment", "inspection_on")
    op.drop_column("assignment", "notified_at")
