"""Notices on record say whether the party was notified of its right to a hearing; a finding keeps the event that brought it."""

from collections.abc import Sequence

from alembic import op

revision: str = "5e0c7a9d2b46"
down_revision: str | None = "c28b5f7d3e14"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_RENAME = """
UPDATE enforcement_case SET record = jsonb_set(
    record #- '{{serve_notice,{old}}}', '{{serve_notice,{new}}}', record #> '{{serve_notice,{old}}}'
) WHERE record -> 'serve_notice' ? '{old}'
"""


def upgrade() -> None:
    """Go to this version."""
    op.execute(_RENAME.format(old="hearing_right_told", new="hearing_right_notified"))
    op.alter_column("finding", "told", new_column_name="event")


def downgrade() -> None:
    """Go back to the version before."""
    op.alter_column("finding", "event", new_column_name="told")
    op.execute(_RENAME.format(old="hearing_right_notified", new="hearing_right_told"))
