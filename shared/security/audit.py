"""Who did what, when: append-only rows in the transaction of the act itself, for writes and for reads of sensitive lists."""

from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import BigInteger, Column, Identity, Index, Select, String, Table, select, true
from sqlalchemy.dialects.postgresql import JSONB

from shared.core.logs import trace_id
from shared.database.prepared import equals, prepared
from shared.database.session import APPEND_ONLY, Session, instant, platform
from shared.security.auth import Caller

audit_log = Table(
    "audit_log",
    platform,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", instant(), nullable=False),
    Column("subject", String, nullable=False),
    Column("role", String, nullable=False),
    Column("org", String, nullable=False),
    Column("action", String, nullable=False),
    Column("object_id", String, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("trace_id", String),
    Index("ix_audit_log_object_id", "object_id"),
    Index("ix_audit_log_subject", "subject"),
    info=APPEND_ONLY,
)


@prepared
def trail(by: Caller, **equal: str | None) -> Select[Any]:
    """The rows that the caller may see: the province all of them, others those of their own bureau."""
    own = true() if by.reaches(None, None) else audit_log.c.org == by.org
    return select(*audit_log.c).where(own, *equals(audit_log.c, **equal))


def record(session: Session, by: Caller, action: str, object_id: UUID | str, /, **details: Any) -> None:
    """Note that `by` did `action` (such as `inspection.completed`) to `object_id`; written with the commit.

    `details` are what an auditor needs to follow the act; no secrets, no personal data beyond ids.
    """
    who = (by.subject, by.role, by.org)
    session.defer(_write, (session.now, *who, action, str(object_id), to_json(details).decode(), trace_id()))


_INSERT = """
INSERT INTO audit_log (at, subject, role, org, action, object_id, details, trace_id)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8)
"""


async def _write(session: Session, rows: list[tuple[Any, ...]]) -> None:
    await session.driver.executemany(_INSERT, rows)
