"""Who did what, when: append-only rows in the transaction of the act itself, for writes and for reads of sensitive lists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import BigInteger, Column, Identity, Index, Select, String, Table, insert, select, true
from sqlalchemy.dialects.postgresql import JSONB

from shared.auth import Caller
from shared.db import APPEND_ONLY, Session, instant, platform
from shared.logs import trace_id
from shared.prepared import prepared

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
    return select(*audit_log.c).where(own, *[audit_log.c[name] == value for name, value in equal.items() if value is not None])


def record(session: Session, by: Caller, action: str, object_id: UUID | str, /, **details: Any) -> None:
    """Note that `by` did `action` (such as `inspection.completed`) to `object_id`; written with the commit.

    `details` are what an auditor needs to follow the act; no secrets, no personal data beyond ids.
    """
    session.defer(_write, _row(session.now, by, action, str(object_id), details))


def _row(at: datetime, by: Caller, action: str, object_id: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": at,
        "subject": by.subject,
        "role": by.role,
        "org": by.org,
        "action": action,
        "object_id": object_id,
        "details": to_jsonable_python(details),
        "trace_id": trace_id(),
    }


async def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    await (await session.connection()).execute(insert(audit_log), rows)
