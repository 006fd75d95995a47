"""A scheduler in a process of its own, for tests that kill it: `python -m … SERVICE DATABASE CLOCK_FILE`."""

import asyncio
import sys
from pathlib import Path

from sqlalchemy.engine import make_url

from shared.core.clock import TestClock
from shared.database.session import open_database
from shared.deadline_records import DeadlineScheduler


async def main(service: str, address: str, clock: str) -> None:
    """Publish what is due until the process is killed."""
    database = open_database(make_url(address), pool_size=4, clock=TestClock(Path(clock)), name=service)
    await DeadlineScheduler(database).start()
    sys.stdout.write("started\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
