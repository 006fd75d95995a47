"""A disclosure is of one decision, and a correction is an edition of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "b3d0c4f19a27"
down_revision: str | None = "aeef3a17d96f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("disclosure", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.add_column("disclosure", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.add_column("disclosure", sa.Column("correction_ground", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.create_index(op.f("ix_disclosure_case_id"), "disclosure", ["case_id"], unique=False)
    op.create_index(op.f("ix_disclosure_corrects"), "disclosure", ["corrects"], unique=False)
    op.execute("UPDATE disclosure SET state = 'published' WHERE state = 'corrected'")  # it meant: public in a later edition


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index(op.f("ix_disclosure_corrects"), table_name="disclosure")
    op.drop_index(op.f("ix_disclosure_case_id"), table_name="disclosure")
    for name in ("correction_ground", "corrects", "case_id"):
        op.drop_column("disclosure", name)
