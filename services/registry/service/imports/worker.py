"""Received files are imported one after the other, in the background; what a kill cuts off begins anew."""

import asyncio
from uuid import UUID

import structlog
from sqlmodel import col, select

from services.registry.models import ImportRun
from services.registry.models.imports import OPEN, ImportState
from services.registry.service.imports.progress import Progress
from services.registry.service.imports.run import carry_out, end_failed
from shared.database.outage import is_outage
from shared.database.session import Database, Session, lock, reading, transaction, try_lock

REGISTERING = "registering"
"""The lock of whoever brings new numbers into the registry: imports and declarations come one after the other."""
TRIES = 3
"""A file that fails so often, or takes its process with it, is given up."""
_POLL_SECONDS, _LONGEST_PAUSE = 1.0, 30.0

log = structlog.get_logger()


async def keep_working(database: Database) -> None:
    """Import what has been received, until cancelled."""
    pause = _POLL_SECONDS
    while True:
        try:
            await work_off(database)
            pause = _POLL_SECONDS
        except Exception as error:  # noqa: BLE001  (said, counted with the import, and tried again)
            pause = min(pause * 2, _LONGEST_PAUSE)
            log.error("an import did not come to its end", error=type(error).__name__, outage=is_outage(error))  # noqa: TRY400
        await asyncio.sleep(pause)


async def work_off(database: Database) -> None:
    """Carry out every import that has been received, oldest first."""
    while (import_id := await _next(database)) is not None:
        async with transaction(database) as session:
            if not await try_lock(session, REGISTERING):
                return  # another process is at it
            await _one(session, import_id)


async def hold_registering(session: Session) -> None:
    """Wait until no import is at work, and let none begin before the transaction ends."""
    await lock(session, REGISTERING)


async def _next(database: Database) -> UUID | None:
    async with reading(database) as session:
        waiting = select(ImportRun.id).where(col(ImportRun.state).in_(OPEN)).order_by(col(ImportRun.id)).limit(1)
        return (await session.exec(waiting)).first()


async def _one(session: Session, import_id: UUID) -> None:
    tries = await _begin(session.database, import_id)
    run = await session.get_one(ImportRun, import_id)
    if run.state not in OPEN:
        return
    if tries > TRIES:
        await end_failed(session, run, "processing-failed", "")
        return
    await carry_out(session, run, Progress(session.database, import_id))


async def _begin(database: Database, import_id: UUID) -> int:
    """Count the attempt before it is made, so that one which ends the process counts too."""
    async with transaction(database) as session:
        run = await session.get_one(ImportRun, import_id, with_for_update=True)
        if run.state in OPEN:
            run.state, run.tries = ImportState.CHECKING, run.tries + 1
        return run.tries
