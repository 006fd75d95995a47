"""A campaign's plan has a version and may be changed or given up; states that nothing ever took are gone."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "sampling_0004"
down_revision: str | None = "sampling_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("campaign", sa.Column("changed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("campaign", sa.Column("withdrawal_ground", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("campaign", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("campaign", "version", server_default=None)


def downgrade() -> None:
    """Go back to the version before."""
    for name in ("version", "withdrawal_ground", "changed_by"):
        op.drop_column("campaign", name)
