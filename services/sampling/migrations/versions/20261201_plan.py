"""Each campaign keeps the parameters of its frame; the basis of a selection names no year."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "sampling_0005"
down_revision: str | None = "2c6de9b04f71"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PARAMETERS = """{
 "ruleset": {"code": "campaign_2024_215", "version": "2024-08-01"},
 "failed_sampling": {"stratum": "FAILED_2023", "years": [2023], "levels": []},
 "frame_statuses": ["valid", "suspended"],
 "frame_ended_statuses": ["revoked", "cancelled"],
 "frame_ended_within_months": 12,
 "inspected_within_years": 3,
 "method": "获证组织现场查验"
}"""
"""What every campaign went by until now: the notice of 2024, which was read for all of them."""


def upgrade() -> None:
    """Go to this version."""
    op.add_column("sampling_failure", sa.Column("level", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.execute(f"UPDATE campaign SET plan = '{_PARAMETERS}'::jsonb || plan")  # noqa: S608  (a constant)
    op.execute("UPDATE assignment SET basis = 'targeted_failed_sampling' WHERE basis = 'targeted_2023_failed'")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("sampling_failure", "level")
    op.execute("UPDATE assignment SET basis = 'targeted_2023_failed' WHERE basis = 'targeted_failed_sampling'")
    names = "ruleset,failed_sampling,frame_statuses,frame_ended_statuses,frame_ended_within_months,inspected_within_years,method"
    op.execute(f"UPDATE campaign SET plan = plan - '{{{names}}}'::text[]")  # noqa: S608  (a constant)
