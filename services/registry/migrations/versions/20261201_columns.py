"""The inspected enterprise of a certificate, and the columns of imports, are named by what they contain."""

from collections.abc import Sequence

from alembic import op

revision: str = "c41e7a90d2b6"
down_revision: str | None = "3d0f6a41c7e2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = (
    ("certificate", "organisation_uscc", "enterprise_uscc"),
    ("import_file", "place", "part_no"),
    ("import_rejection", "place", "no"),
    ("import_run", "tries", "attempts"),
    ("imported_row", "holder", "applicant_uscc"),
    ("imported_row", "recency", "reported_on"),
)


def upgrade() -> None:
    """Go to this version."""
    for table, old, new in COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    op.execute("ALTER INDEX ix_certificate_organisation_uscc RENAME TO ix_certificate_enterprise_uscc")


def downgrade() -> None:
    """Go back to the version before."""
    op.execute("ALTER INDEX ix_certificate_enterprise_uscc RENAME TO ix_certificate_organisation_uscc")
    for table, old, new in reversed(COLUMNS):
        op.alter_column(table, new, new_column_name=old)
