"""Deadlines with their history and warnings, and versions of the working-day calendar."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from shared.migrations import deadline_records

revision: str = "d1739b163e20"
down_revision: str | None = "b3d0c4f19a27"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "overdue_deadline",
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("service", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_no", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("city", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("county", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("running", "paused", "met", "overdue", "waived", name="deadlinestate", native_enum=False, length=64),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_overdue_deadline")),
    )
    op.create_index(op.f("ix_overdue_deadline_campaign_id_city"), "overdue_deadline", ["campaign_id", "city"], unique=False)
    deadline_records.create()


def downgrade() -> None:
    """Go back to the version before."""
    deadline_records.drop()
    op.drop_table("overdue_deadline")
