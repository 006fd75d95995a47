"""Memory of a service while a million facts pass through it. Run: python -m tests.benchmarks.memory_bench [events].

One process writes and relays, this one listens; of each, the growth of what is resident after the first hundred thousand.
"""

import asyncio
import sys
import time

import uvloop

from shared.database.session import Session
from shared.events.base import Delivery
from shared.messaging import Messaging
from tests.benchmarks.beats import SETTLED, Beat, Coast, Listener, coast
from tests.benchmarks.figures import Figure, Watch, show

BAR_MB = 8.0


class Counter(Listener):
    """A listener that remembers nothing but how many there were."""

    async def __call__(self, session: Session, event: Beat, delivery: Delivery) -> None:
        """Store it, and forget when it came."""
        await super().__call__(session, event, delivery)
        self.pending.clear()


async def listen(sea: Coast, events: int) -> float:
    """Hear all facts while they are told; the growth in MiB."""
    listener, database, watch = Counter(), sea.harbour(), Watch()
    messaging = Messaging("benchharbour", database, sea.broker.settings(), {Beat: listener})
    watch.start()
    await messaging.start()
    while listener.count < SETTLED:
        await asyncio.sleep(0.1)
    watch.mark()
    while listener.count < events:
        await asyncio.sleep(0.1)
    grown = watch.growth_mb()
    await messaging.stop()
    await database.close()
    return grown


async def main(events: int) -> None:
    """Measure, and print."""
    begun = time.perf_counter()
    async with coast() as sea:
        listening = asyncio.create_task(listen(sea, events))
        told, heard = await asyncio.gather(sea.lighthouse(events, -1), listening)
    figures = [
        Figure("facts told and heard", events),
        Figure("growth of the process that tells", told["growth_mb"], "MiB", most=BAR_MB),
        Figure("growth of the process that listens", heard, "MiB", most=BAR_MB),
        Figure("took", time.perf_counter() - begun, "s"),
    ]
    show("memory", figures)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
