"""Events of invented services, handlers that store what they handle, and short queries."""

from typing import ClassVar

from asyncpg import Record

from shared.database.session import Database, Session, driver, transaction
from shared.events.base import Delivery, Event
from shared.messaging import emit

EFFECTS = "CREATE TABLE effect (position bigserial PRIMARY KEY, subject text, number int, event_id uuid, sequence bigint)"


class TestEvent(Event, owner="producer", key="subject"):
    """An event that the consumer handles."""

    __test__: ClassVar[bool] = False

    subject: str
    number: int = 0


class UnhandledEvent(Event, owner="producer", key="subject"):
    """An event for which no service in these tests has a handler."""

    subject: str


class FollowUpEvent(Event, owner="consumer", key="item"):
    """An event that the consumer emits when it handles one."""

    item: str
    subject: str


async def write_effect(session: Session, event: TestEvent, delivery: Delivery) -> None:
    """The effect of an event: one row."""
    connection = await driver(session)
    values = (event.subject, event.number, delivery.event_id, delivery.sequence)
    await connection.execute("INSERT INTO effect (subject, number, event_id, sequence) VALUES ($1, $2, $3, $4)", *values)


async def write_and_emit(session: Session, event: TestEvent, delivery: Delivery) -> None:
    """The same, and another event follows from it."""
    await write_effect(session, event, delivery)
    emit(session, FollowUpEvent(item=f"item-{event.number}", subject=event.subject))


async def emit_events(database: Database, subject: str, *numbers: int) -> None:
    """Emit one event for each number, each in a transaction of its own."""
    for number in numbers:
        async with transaction(database) as session:
            emit(session, TestEvent(subject=subject, number=number))


async def rows(database: Database, query: str) -> list[Record]:
    """The rows of a query."""
    async with transaction(database) as session:
        return list(await (await driver(session)).fetch(query))


async def effects(database: Database, subject: str) -> list[int]:
    """The numbers handled of a subject, in the order of their effects."""
    async with transaction(database) as session:
        query = "SELECT number FROM effect WHERE subject = $1 ORDER BY position"
        return [row["number"] for row in await (await driver(session)).fetch(query, subject)]
