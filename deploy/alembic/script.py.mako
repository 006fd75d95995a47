"""${message}."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op
% if not down_revision:

from shared.migrations.append_only import guard_append_only
from shared.migrations.messaging import upgrade_statements
% endif
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    """Go to this version."""
    ${upgrades if upgrades else "pass"}
% if not down_revision:
    for statement in (*upgrade_statements(), *guard_append_only("audit_log")):
        op.execute(statement)
% endif


def downgrade() -> None:
    """Go back to the version before."""
    ${downgrades if downgrades else "pass"}
