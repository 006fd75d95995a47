"""Tables, columns and comments get the field's words."""

from collections.abc import Sequence

from shared.migrations import field_words

revision: str = "3d0f6a41c7e2"
down_revision: str | None = "7bafe9e8996e"
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
