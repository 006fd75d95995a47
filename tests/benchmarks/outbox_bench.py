"""What telling costs an act. Run: python -m tests.benchmarks.outbox_bench [acts].

The same act (a row, its audit row, one transaction) with and without a fact in the outbox, in turn, by eight at a time.
"""

import asyncio
import sys
import time
from statistics import median

import uvloop

from shared.core.clock import SystemClock
from shared.core.ids import new_id
from shared.core.logs import tracing
from shared.database.session import Database, driver, open_database, transaction
from shared.messaging import emit
from shared.security import audit
from shared.security.auth import SYSTEM
from tests.benchmarks.beats import beat, coast
from tests.benchmarks.figures import Figure, show

WRITERS = 8
TURNS = 5
BAR = 0.30
_ROW = "INSERT INTO effect (lamp, number, event_id, sequence) VALUES ($1, $2, $3, 1)"


async def act(database: Database, number: int, *, tells: bool) -> None:
    """One act of a person."""
    with tracing(None):
        async with transaction(database) as session:
            told = beat(number)
            await (await driver(session)).execute(_ROW, told.lamp, number, new_id())
            audit.record(session, SYSTEM, "beat", told.lamp)
            if tells:
                emit(session, told)


async def seconds(database: Database, acts: int, *, tells: bool) -> float:
    """How long so many acts take."""
    numbers = iter(range(acts))

    async def write() -> None:
        for number in numbers:
            await act(database, number, tells=tells)

    begun = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    return time.perf_counter() - begun


async def main(acts: int) -> None:
    """Measure, and print."""
    async with coast() as sea:
        database = open_database(sea.told, pool_size=WRITERS, clock=SystemClock(), name="benchlight")
        await seconds(database, acts // 4, tells=True)
        pairs = [(await seconds(database, acts, tells=False), await seconds(database, acts, tells=True)) for _ in range(TURNS)]
        await database.close()
    figures = [
        Figure("acts that tell nothing", acts / median(silent for silent, _ in pairs), "acts/s"),
        Figure("acts that tell a fact", acts / median(telling for _, telling in pairs), "acts/s"),
        Figure("cost of the outbox", median(telling / silent for silent, telling in pairs) - 1, "of the act", most=BAR),
    ]
    show("outbox", figures)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
