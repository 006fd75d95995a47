"""Tables, columns and comments get the field's words."""

from collections.abc import Sequence

from shared.migrations import field_words

revision: str = "e64a1d9057b8"
down_revision: str | None = "8c1f5e2a90b7"
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
