"""An expert is proposed and then allotted; requests for experts and replacements may be refused."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "sampling_0003"
down_revision: str | None = "sampling_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REFUSAL = ("refused_by", "refused_at", "refusal_ground")


def upgrade() -> None:
    """Go to this version."""
    op.add_column("expert_request", sa.Column("proposed_expert_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("expert_request", sa.Column("proposed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("expert_request", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    name = op.f("fk_expert_request_proposed_expert_id_expert")
    op.create_foreign_key(name, "expert_request", "expert", ["proposed_expert_id"], ["expert_id"])
    for table in ("expert_request", "object_replacement"):
        op.add_column(table, sa.Column("refused_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        op.add_column(table, sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("refusal_ground", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.drop_index("uq_object_replacement_open", table_name="object_replacement")
    standing = sa.text("refused_at IS NULL")
    op.create_index("uq_object_replacement_open", "object_replacement", ["assignment_id"], unique=True, postgresql_where=standing)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("uq_object_replacement_open", table_name="object_replacement")
    op.create_index("uq_object_replacement_open", "object_replacement", ["assignment_id"], unique=True)
    for table in ("object_replacement", "expert_request"):
        for name in _REFUSAL:
            op.drop_column(table, name)
    op.drop_constraint(op.f("fk_expert_request_proposed_expert_id_expert"), "expert_request", type_="foreignkey")
    for name in ("proposed_at", "proposed_by", "proposed_expert_id"):
        op.drop_column("expert_request", name)
