"""A lighthouse that tells and a harbour that listens, over a real broker. Each test has names and topics of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from shared.core.ids import new_id
from shared.database.session import Database, Session, driver, transaction
from shared.events.base import Delivery, Event, topic_of
from shared.messaging import Handler, Messaging, emit
from tests.shared.messaging.brokers import TestBroker
from tests.shared.messaging.events import effects, rows

OpenService = Callable[[str], Awaitable[Database]]


def _fact(owner: str) -> type[Event]:
    class Lit(Event, owner=owner, key="lamp"):
        """A lamp was lit."""

        lamp: str
        number: int = 0

    return Lit


@dataclass
class Coast:
    """The services of one test."""

    broker: TestBroker
    open_service: OpenService
    name: str = field(default_factory=lambda: new_id().hex[-10:])

    async def build(self) -> Self:
        """Open the databases."""
        self.lit: type[Any] = _fact(f"lighthouse{self.name}")
        self.lighthouse = await self.open_service(f"lighthouse{self.name}")
        self.harbour = await self.open_service(f"harbour{self.name}")
        return self

    @property
    def topic(self) -> str:
        """Where the lighthouse tells."""
        return topic_of(self.lighthouse.service)

    async def light(self, lamp: str, *numbers: int) -> None:
        """Light a lamp, one act for each number."""
        for number in numbers:
            async with transaction(self.lighthouse) as session:
                emit(session, self.lit(lamp=lamp, number=number))

    def telling(self, instance: str = "one") -> Messaging:
        """A process of the lighthouse."""
        return Messaging(self.lighthouse.service, self.lighthouse, self.broker.settings(), {}, instance=instance)

    def hearing(self, handler: Handler | None = None, instance: str = "one", database: Database | None = None) -> Messaging:
        """A process of the harbour."""
        home = database or self.harbour
        return Messaging(home.service, home, self.broker.settings(), {self.lit: handler or write}, instance=instance)

    async def heard(self, lamp: str) -> list[int]:
        """What has taken effect in the harbour."""
        return await effects(self.harbour, lamp)

    async def settled(self, lamp: str, expected: list[int], seconds: float = 30) -> None:
        """Wait until exactly this has taken effect."""
        await until(lambda: self._has(lamp, expected), seconds)

    async def _has(self, lamp: str, expected: list[int]) -> bool:
        return await self.heard(lamp) == expected

    async def sent(self, seconds: float = 30) -> None:
        """Wait until the outbox is empty."""
        await until(self._is_sent, seconds)

    async def _is_sent(self) -> bool:
        return not await rows(self.lighthouse, "SELECT 1 FROM outbox LIMIT 1")


async def write(session: Session, event: Any, delivery: Delivery) -> None:
    """The effect: one row."""
    values = (event.lamp, event.number, delivery.event_id, delivery.sequence)
    insert = "INSERT INTO effect (lamp, number, event_id, sequence) VALUES ($1, $2, $3, $4)"
    await (await driver(session)).execute(insert, *values)


async def until(fact: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not await fact():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def running(*processes: Messaging) -> AsyncIterator[None]:
    """Run messaging as inside the processes of services."""
    for process in processes:
        await process.start()
    try:
        yield
    finally:
        await asyncio.gather(*(process.stop() for process in processes))
