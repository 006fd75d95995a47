"""The scheduler inside every process of a service: one of them at a time tells what is due and moves what a calendar moves."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog

from shared.core.clock import legal_day
from shared.database.session import Database, driver, reading, transaction
from shared.deadline_records import metrics
from shared.deadline_records.calendars import delivered, in_force
from shared.deadline_records.recalculation import move_some
from shared.deadline_records.sweep import BATCH, sweep
from shared.deadlines import Calendar

log = structlog.get_logger()

PAUSE = 1.0
LONGEST_PAUSE = 30.0
STOP_SECONDS = 10.0

_GLANCE = """
SELECT (SELECT version FROM working_calendar WHERE published_at IS NOT NULL ORDER BY published_at DESC LIMIT 1) AS version,
       EXISTS (SELECT FROM working_calendar WHERE published_at IS NOT NULL AND moved_at IS NULL)
       OR EXISTS (SELECT FROM deadline WHERE next_at <= $1) AS due
"""


async def pass_time(database: Database) -> int:
    """Do all that is due by the service's clock, each batch in a transaction of its own; returns of how many deadlines."""
    told = 0
    while await _one(database, move=True):
        pass
    while count := await _one(database, move=False):
        told += count
        metrics.SWEPT.labels(database.service).inc(count)
    return told


async def _one(database: Database, *, move: bool) -> int:
    async with transaction(database) as session:
        return await move_some(session) if move else await sweep(session, BATCH)


@dataclass
class Docket:
    """What a service starts and stops with its application."""

    database: Database
    calendar: Calendar = field(default_factory=delivered)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _task: "asyncio.Task[None] | None" = None
    _seen: tuple[str | None, date] | None = None

    async def start(self) -> None:
        """Begin to watch the time."""
        self._task = asyncio.create_task(self._run(), name="docket")

    async def stop(self) -> None:
        """Finish the batch in hand."""
        self._stopping.set()
        if self._task is not None:
            _, late = await asyncio.wait([self._task], timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    def detail(self) -> dict[str, Any]:
        """What readiness tells of the calendar: it ends some day, and 90 days before the next year has to be published."""
        soon = self.calendar.ends_soon(legal_day(self.database.clock.now()))
        return {"calendar": self.calendar.version, "ends_on": self.calendar.last.isoformat(), "ends_soon": soon}

    async def _run(self) -> None:
        """Look every second by the machine's time, whatever the service's clock shows; a failure is said and tried again."""
        pause = PAUSE
        while not self._stopping.is_set():
            try:
                await self._look()
                pause = PAUSE
            except Exception as error:
                log.exception("deadlines wait", service=self.database.service, error=type(error).__name__)
                pause = min(pause * 2, LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _look(self) -> None:
        """One statement tells whether there is anything to do, which is nearly never."""
        async with reading(self.database) as session:
            ((version, due),) = await (await driver(session)).fetch(_GLANCE, session.now)
            today = legal_day(session.now)
        if (version, today) != self._seen:
            await self._look_at_the_calendar(today)
            self._seen = version, today
        if due:
            await pass_time(self.database)

    async def _look_at_the_calendar(self, today: date) -> None:
        async with transaction(self.database) as session:
            self.calendar = await in_force(session)
        metrics.CALENDAR_DAYS.labels(self.database.service).set((self.calendar.last - today).days)
        if self.calendar.ends_soon(today):
            log.warning("the working-day calendar ends soon", service=self.database.service, **self.detail())
