"""The import worker: stored files are imported one after the other, in the background; one cut off starts from scratch."""

import asyncio
from uuid import UUID

import structlog
from sqlmodel import col, select

from services.registry.models import ImportRun
from services.registry.models.imports import OPEN, ImportState
from services.registry.service.imports.pipeline import end_failed, process_import
from services.registry.service.imports.staging import Progress
from shared.database.outage import is_outage
from shared.database.session import Database, Session, lock, reading, transaction, try_lock

MAX_ATTEMPTS = 3
"""An import that fails so often, or ends its process, is marked as failed."""
_REGISTRATION_LOCK = "registering"
_POLL_SECONDS, _MAX_PAUSE_SECONDS = 1.0, 30.0

log = structlog.get_logger()


async def run_worker(database: Database) -> None:
    """Import what has been received, until cancelled."""
    pause = _POLL_SECONDS
    while True:
        try:
            await drain(database)
            pause = _POLL_SECONDS
        except Exception as error:  # noqa: BLE001  (logged, counted with the import, and retried)
            pause = min(pause * 2, _MAX_PAUSE_SECONDS)
            log.error("an import did not come to its end", error=type(error).__name__, outage=is_outage(error))  # noqa: TRY400
        await asyncio.sleep(pause)


async def drain(database: Database) -> None:
    """Process every import that has been received, oldest first."""
    while (import_id := await _next(database)) is not None:
        async with transaction(database) as session:
            if not await try_lock(session, _REGISTRATION_LOCK):
                return  # another process imports
            await _attempt(session, import_id)


async def lock_registration(session: Session) -> None:
    """Wait for the import that runs, and let none begin before the transaction ends: new numbers enter one after the other."""
    await lock(session, _REGISTRATION_LOCK)


async def _next(database: Database) -> UUID | None:
    async with reading(database) as session:
        oldest = select(ImportRun.id).where(col(ImportRun.state).in_(OPEN)).order_by(col(ImportRun.id)).limit(1)
        return (await session.exec(oldest)).first()


async def _attempt(session: Session, import_id: UUID) -> None:
    attempts = await _count_attempt(session.database, import_id)
    run = await session.get_one(ImportRun, import_id)
    if run.state not in OPEN:
        return
    if attempts > MAX_ATTEMPTS:
        await end_failed(session, run, "processing-failed", "")
        return
    await process_import(session, run, Progress(session.database, import_id))


async def _count_attempt(database: Database, import_id: UUID) -> int:
    """Count the attempt before it is made, so that one which ends the process counts too."""
    async with transaction(database) as session:
        run = await session.get_one(ImportRun, import_id, with_for_update=True)
        if run.state in OPEN:
            run.state, run.attempts = ImportState.CHECKING, run.attempts + 1
        return run.attempts
