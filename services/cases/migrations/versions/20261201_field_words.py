"""Tables, columns and comments get the field's words."""

from collections.abc import Sequence

from shared.migrations import field_words

revision: str = "c28b5f7d3e14"
down_revision: str | None = "d41af90dc481"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go to this version."""
    field_words.rename_messaging()
    field_words.rename_deadline_records()


def downgrade() -> None:
    """Go back to the version before."""
    field_words.restore_messaging()
    field_words.restore_deadline_records()
