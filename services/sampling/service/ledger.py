"""The ledger grows by one entry at a time, whoever acts on whichever draw."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.sampling.draw import ledger
from services.sampling.draw.ledger import Head
from services.sampling.models import LedgerEntry
from services.sampling.queries import ledger as queries
from shared.database.session import Session, lock


async def hold(session: Session) -> Head | None:
    """Keep everyone else from appending until the transaction ends; gives the head."""
    await lock(session, "ledger")
    return await queries.head(session)


async def append(session: Session, draw_id: UUID, kind: str, by: str, body: Mapping[str, Any]) -> Head:
    """Append an entry of the act at `session.now` and give the new head.

    Raises:
        InvalidPlan, InvalidValue: see `draw.ledger.append`.
    """
    head = await hold(session)
    entry = ledger.append(head, kind=kind, draw_id=str(draw_id), by=by, at=session.now, body=body)
    row = LedgerEntry(
        seq=entry["seq"], digest=entry["digest"], previous=entry["previous"], draw_id=draw_id, kind=kind, entry=entry
    )
    session.add(row)
    await session.flush()
    return ledger.head_of(entry)
