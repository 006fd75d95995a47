"""The history of deadlines: an entry for whatever happens to one, written with the commit of the act."""

from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import insert

from shared.database.session import Session
from shared.deadline_records.tables import DeadlineRecord, deadline_history
from shared.security.auth import Caller


def note(session: Session, record: DeadlineRecord, act: str, by: Caller, **content: Any) -> None:
    """Enter what was done to a deadline and how it stands now."""
    session.defer(_write, entry(session, record, act, by, content))


def entry(session: Session, record: DeadlineRecord, act: str, by: Caller, content: dict[str, Any]) -> dict[str, Any]:
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
