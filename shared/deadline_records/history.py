"""The history of deadlines: an entry for each change, written with the commit of its transaction."""

from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import insert

from shared.database.session import Session
from shared.deadline_records.tables import DeadlineRecord, deadline_history
from shared.security.auth import Caller


def add_entry(session: Session, record: DeadlineRecord, act: str, by: Caller, **content: Any) -> None:
    """Add what was done to a deadline, with its state and last day afterwards."""
    session.defer(_write, entry_columns(session, record, act, by, content))


def entry_columns(session: Session, record: DeadlineRecord, act: str, by: Caller, content: dict[str, Any]) -> dict[str, Any]:
    """The columns of an entry."""
    return {
        "deadline_id": record.id,
        "at": session.now,
        "act": act,
        "state": record.state.value,
        "due_on": record.due_on,
        "by_subject": by.subject,
        "by_org": by.org,
        "content": to_jsonable_python(content),
    }


async def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    await (await session.connection()).execute(insert(deadline_history), rows)
