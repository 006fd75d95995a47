"""The scheduler in every process of a service: one at a time publishes due warnings and recalculates by a new calendar."""

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
from shared.deadline_records.recalculation import recalculate_batch
from shared.deadline_records.sweep import BATCH, sweep
from shared.deadlines import Calendar

log = structlog.get_logger()

PAUSE = 1.0
LONGEST_PAUSE = 30.0
STOP_SECONDS = 10.0

_CHECK = """
SELECT (SELECT version FROM working_calendar WHERE published_at IS NOT NULL ORDER BY published_at DESC LIMIT 1) AS version,
       EXISTS (SELECT FROM working_calendar WHERE published_at IS NOT NULL AND moved_at IS NULL)
       OR EXISTS (SELECT FROM deadline WHERE next_at <= $1) AS due
"""


async def pass_time(database: Database) -> int:
    """Do all that is due by the service's clock, each batch in its own transaction; returns the number of deadlines warned."""
    warned = 0
    while await _batch(database, recalculate=True):
        pass
    while count := await _batch(database, recalculate=False):
        warned += count
        metrics.SWEPT.labels(database.service).inc(count)
    return warned


async def _batch(database: Database, *, recalculate: bool) -> int:
    async with transaction(database) as session:
        return await recalculate_batch(session) if recalculate else await sweep(session, BATCH)


@dataclass
class DeadlineScheduler:
    """Started and stopped with the application of a service; its calendar is that of the last check."""

    database: Database
    calendar: Calendar = field(default_factory=delivered)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _task: "asyncio.Task[None] | None" = None
    _checked: tuple[str | None, date] | None = None

    async def start(self) -> None:
        """Begin to check the time."""
        self._task = asyncio.create_task(self._run(), name="deadline scheduler")

    async def stop(self) -> None:
        """Finish the current batch."""
        self._stopping.set()
        if self._task is not None:
            _, late = await asyncio.wait([self._task], timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    def detail(self) -> dict[str, Any]:
        """The calendar in the answer of readiness: `ends_soon` from 90 days before its end, when the next year is due."""
        soon = self.calendar.ends_soon(legal_day(self.database.clock.now()))
        return {"calendar": self.calendar.version, "ends_on": self.calendar.last.isoformat(), "ends_soon": soon}

    async def _run(self) -> None:
        """Check every second by the machine's time, whatever the service's clock shows; a failure is logged and retried."""
        pause = PAUSE
        while not self._stopping.is_set():
            try:
                await self._check()
                pause = PAUSE
            except Exception as error:
                log.exception("deadline scheduler failed", service=self.database.service, error=type(error).__name__)
                pause = min(pause * 2, LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _check(self) -> None:
        """One statement finds out whether anything is due, which is rare."""
        async with reading(self.database) as session:
            ((version, due),) = await (await driver(session)).fetch(_CHECK, session.now)
            today = legal_day(session.now)
        if (version, today) != self._checked:
            await self._check_calendar(today)
            self._checked = version, today
        if due:
            await pass_time(self.database)

    async def _check_calendar(self, today: date) -> None:
        async with transaction(self.database) as session:
            self.calendar = await in_force(session)
        metrics.CALENDAR_DAYS.labels(self.database.service).set((self.calendar.last - today).days)
        if self.calendar.ends_soon(today):
            log.warning("the working-day calendar ends soon", service=self.database.service, **self.detail())
