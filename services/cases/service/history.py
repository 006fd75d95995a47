"""The append-only history of everything this service handles, and the numbers it gives."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.cases.models import HistoryEntry, NumberSeries
from shared.core.ids import new_id
from shared.database.session import Session
from shared.security import audit
from shared.security.auth import Caller


def note(
    session: Session,
    subject: tuple[str, UUID],
    event: str,
    states: tuple[str | None, str],
    by: Caller,
    content: Mapping[str, object],
) -> None:
    """Put a step into the history of `subject` (its kind and id) and into the audit log."""
    kind, subject_id = subject
    session.add(
        HistoryEntry(
            id=new_id(),
            subject_id=subject_id,
            event=event,
            source=states[0],
            target=states[1],
            at=session.now,
            by_subject=by.subject,
            by_role=by.role,
            by_org=by.org,
            content=dict(content),
        )
    )
    audit.record(session, by, f"{kind}.{event}", subject_id, source=states[0], target=states[1])


async def next_number(session: Session, series: str) -> int:
    """The next number of a series, from 1; without gaps, for the row stays locked until the commit."""
    first = insert(NumberSeries).values(series=series, last=1)
    following = first.on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.__table__.c.last + 1})  # type: ignore[attr-defined]
    result = await session.exec(following.returning(NumberSeries.__table__.c.last))  # type: ignore[attr-defined]
    return int(result.scalar_one())
