"""What emitting an event costs an act. Run: python -m tests.benchmarks.outbox_bench [acts].

The same act (a row, its audit row, one transaction) with and without an event in the outbox, alternating, by eight at a time.
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
from tests.benchmarks.beats import beat, bench_services
from tests.benchmarks.figures import Figure, show

WRITERS = 8
ROUNDS = 5
BAR = 0.30
_ROW = "INSERT INTO effect (subject, number, event_id, sequence) VALUES ($1, $2, $3, 1)"


async def act(database: Database, number: int, *, emits: bool) -> None:
    """One act of a person."""
    with tracing(None):
        async with transaction(database) as session:
            event = beat(number)
            await (await driver(session)).execute(_ROW, event.subject, number, new_id())
            audit.record(session, SYSTEM, "beat", event.subject)
            if emits:
                emit(session, event)


async def seconds(database: Database, acts: int, *, emits: bool) -> float:
    """How long so many acts take."""
    numbers = iter(range(acts))

    async def write() -> None:
        for number in numbers:
            await act(database, number, emits=emits)

    begun = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    return time.perf_counter() - begun


async def main(acts: int) -> None:
    """Measure, and print."""
    async with bench_services() as services:
        database = open_database(services.producer_url, pool_size=WRITERS, clock=SystemClock(), name="benchproducer")
        await seconds(database, acts // 4, emits=True)
        pairs = [(await seconds(database, acts, emits=False), await seconds(database, acts, emits=True)) for _ in range(ROUNDS)]
        await database.close()
    figures = [
        Figure("acts without an event", acts / median(silent for silent, _ in pairs), "acts/s"),
        Figure("acts with an event", acts / median(emitting for _, emitting in pairs), "acts/s"),
        Figure("cost of the outbox", median(emitting / silent for silent, emitting in pairs) - 1, "of the act", most=BAR),
    ]
    show("outbox", figures)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
