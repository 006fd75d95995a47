"""Memory of a service while a million events pass through it. Run: python -m tests.benchmarks.memory_bench [events].

One process writes and relays, this one consumes; of each, the growth of what is resident after the first hundred thousand.
"""

import asyncio
import sys
import time

import uvloop

from shared.database.session import Session
from shared.events.base import Delivery
from shared.messaging import Messaging
from tests.benchmarks.beats import SETTLED, Beat, BenchServices, CountingHandler, bench_services
from tests.benchmarks.figures import Figure, Watch, show

BAR_MB = 8.0


class Counter(CountingHandler):
    """A handler that remembers nothing but how many there were."""

    async def __call__(self, session: Session, event: Beat, delivery: Delivery) -> None:
        """Store it, and forget when it came."""
        await super().__call__(session, event, delivery)
        self.pending.clear()


async def consume(services: BenchServices, events: int) -> float:
    """Consume all events while they are published; the growth in MiB."""
    handler, database, watch = Counter(), services.consumer_database(), Watch()
    messaging = Messaging("benchconsumer", database, services.broker.settings(), {Beat: handler})
    watch.start()
    await messaging.start()
    while handler.count < SETTLED:
        await asyncio.sleep(0.1)
    watch.mark()
    while handler.count < events:
        await asyncio.sleep(0.1)
    grown = watch.growth_mb()
    await messaging.stop()
    await database.close()
    return grown


async def main(events: int) -> None:
    """Measure, and print."""
    begun = time.perf_counter()
    async with bench_services() as services:
        consuming = asyncio.create_task(consume(services, events))
        produced, consumed = await asyncio.gather(services.publish(events, -1), consuming)
    figures = [
        Figure("events published and handled", events),
        Figure("growth of the producer", produced["growth_mb"], "MiB", most=BAR_MB),
        Figure("growth of the consumer", consumed, "MiB", most=BAR_MB),
        Figure("took", time.perf_counter() - begun, "s"),
    ]
    show("memory", figures)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
