"""kill -9 of a scheduler at any moment: no warning is lost, and none is published twice."""

import asyncio
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from shared.core.clock import TestClock
from shared.database.session import Database, transaction
from shared.deadline_records import Subject, open_many
from shared.deadline_records.opening import Term
from shared.deadline_records.subject import named
from shared.testing.world import World
from tests.shared.deadline_records.records import published, rows

DEADLINES, KILLS = 20_000, 4
THRESHOLDS = {"50%", "80%", "1wd", "due", "overdue"}
LATER = datetime(2024, 12, 1, tzinfo=UTC)


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("cases",)


async def _fill(database: Database) -> None:
    async with transaction(database) as session:
        subjects = [
            Subject("case", named("case", n), f"XS-{n}", f"35{n % 9 + 1:02d}", f"35{n % 9 + 1:02d}") for n in range(DEADLINES)
        ]
        assert await open_many(session, [(subject, "K05", Term()) for subject in subjects]) == DEADLINES


async def _process(database: Database, clock: Path) -> asyncio.subprocess.Process:
    address = database.writing.url.render_as_string(hide_password=False)
    command = ("-m", "tests.shared.deadline_records.scheduler_process", "cases", address, str(clock))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def _killed(process: asyncio.subprocess.Process, seconds: float = 0.0) -> None:
    await asyncio.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def _left(database: Database) -> int:
    result = await rows(database, "SELECT count(*) AS n FROM deadline WHERE next_at <= $1", LATER)
    return int(result[0]["n"])


async def test_whatever_is_killed_every_warning_is_published_exactly_once(world: World, tmp_path: Path) -> None:
    database, chance = world.cases.database, Random(9)
    world.on("2024-09-09")
    await _fill(database)
    TestClock(tmp_path / "clock").set(LATER)
    left = [await _left(database)]
    for _ in range(KILLS):
        process = await _process(database, tmp_path / "clock")
        while await _left(database) == left[-1]:
            await asyncio.sleep(0.01)
        await _killed(process, chance.uniform(0.0, 0.1))  # amid the next batch
        left.append(await _left(database))
    assert all(0 < count < DEADLINES for count in left[1:3]), left
    pair = [await _process(database, tmp_path / "clock") for _ in range(2)]
    while await _left(database):
        await asyncio.sleep(0.1)
    for process in pair:
        await _killed(process)
    events = await published(database)
    counted = Counter((row["deadline_id"], row["threshold"]) for event in events for row in event["deadlines"])
    assert set(counted.values()) == {1}
    assert len(counted) == DEADLINES * len(THRESHOLDS)
    history = await rows(database, "SELECT count(*) AS n FROM deadline_history WHERE act = 'warned'")
    assert history[0]["n"] == len(counted)
