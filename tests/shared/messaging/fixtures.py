"""A producer and a consumer over a real broker. Each test has services and topics of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from asyncpg import PostgresConnectionError

from shared.core.ids import new_id
from shared.database.session import Database, Session, driver, transaction
from shared.events.base import Delivery, Event, topic_of
from shared.messaging import Handler, Messaging, emit
from tests.shared.messaging.brokers import TestBroker
from tests.shared.messaging.events import effects, rows

OpenService = Callable[[str], Awaitable[Database]]


def _event_type(owner: str) -> type[Event]:
    class Changed(Event, owner=owner, key="subject"):
        """Something about the subject changed."""

        subject: str
        number: int = 0

    return Changed


@dataclass
class ServicePair:
    """The producer and the consumer of one test."""

    broker: TestBroker
    open_service: OpenService
    name: str = field(default_factory=lambda: new_id().hex[-10:])

    async def build(self) -> Self:
        """Open the databases."""
        self.event_type: type[Any] = _event_type(f"producer{self.name}")
        self.producer = await self.open_service(f"producer{self.name}")
        self.consumer = await self.open_service(f"consumer{self.name}")
        return self

    @property
    def topic(self) -> str:
        """The producer's topic."""
        return topic_of(self.producer.service)

    async def emit_events(self, subject: str, *numbers: int) -> None:
        """Emit one event for each number, each in a transaction of its own."""
        for number in numbers:
            async with transaction(self.producer) as session:
                emit(session, self.event_type(subject=subject, number=number))

    def producer_process(self, instance: str = "one") -> Messaging:
        """A process of the producer."""
        return Messaging(self.producer.service, self.producer, self.broker.settings(), {}, instance=instance)

    def consumer_process(
        self, handler: Handler | None = None, instance: str = "one", database: Database | None = None
    ) -> Messaging:
        """A process of the consumer."""
        home, handlers = database or self.consumer, {self.event_type: handler or write}
        return Messaging(home.service, home, self.broker.settings(), handlers, instance=instance)

    async def handled(self, subject: str) -> list[int]:
        """The numbers that the consumer has handled."""
        return await effects(self.consumer, subject)

    async def settled(self, subject: str, expected: list[int], seconds: float = 30) -> None:
        """Wait until exactly these numbers have been handled."""
        await until(lambda: self._has_handled(subject, expected), seconds)

    async def _has_handled(self, subject: str, expected: list[int]) -> bool:
        try:
            return await self.handled(subject) == expected
        except PostgresConnectionError:  # a test may have broken this connection, too
            return False

    async def sent(self, seconds: float = 30) -> None:
        """Wait until the outbox is empty."""
        await until(self._is_sent, seconds)

    async def _is_sent(self) -> bool:
        return not await rows(self.producer, "SELECT 1 FROM outbox LIMIT 1")


async def write(session: Session, event: Any, delivery: Delivery) -> None:
    """The effect: one row."""
    values = (event.subject, event.number, delivery.event_id, delivery.sequence)
    insert = "INSERT INTO effect (subject, number, event_id, sequence) VALUES ($1, $2, $3, $4)"
    await (await driver(session)).execute(insert, *values)


async def until(condition: Callable[[], Any], seconds: float = 30) -> None:
    """Wait until the condition holds.

    Raises:
        TimeoutError: it does not within so many seconds.
    """
    async with asyncio.timeout(seconds):
        while not await condition():
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
