"""Small facts of invented services, and a handler that writes down what it heard."""

from asyncpg import Record

from shared.database.session import Database, Session, driver, transaction
from shared.events.base import Delivery, Event
from shared.messaging import emit

EFFECTS = "CREATE TABLE effect (place bigserial PRIMARY KEY, lamp text, number int, event_id uuid, sequence bigint)"


class LampLit(Event, owner="lighthouse", key="lamp"):
    """A lamp was lit."""

    lamp: str
    number: int = 0


class LampOut(Event, owner="lighthouse", key="lamp"):
    """A lamp went out; nobody in these tests listens to it."""

    lamp: str


class ShipWarned(Event, owner="harbour", key="ship"):
    """A ship was told of a lamp."""

    ship: str
    lamp: str


async def write_down(session: Session, event: LampLit, delivery: Delivery) -> None:
    """The effect of a lamp: one row, and ships that are warned."""
    connection = await driver(session)
    values = (event.lamp, event.number, delivery.event_id, delivery.sequence)
    await connection.execute("INSERT INTO effect (lamp, number, event_id, sequence) VALUES ($1, $2, $3, $4)", *values)


async def warn(session: Session, event: LampLit, delivery: Delivery) -> None:
    """The same, and another fact follows from it."""
    await write_down(session, event, delivery)
    emit(session, ShipWarned(ship=f"ship-{event.number}", lamp=event.lamp))


async def light(database: Database, lamp: str, *numbers: int) -> None:
    """Light a lamp once for each number, each in an act of its own."""
    for number in numbers:
        async with transaction(database) as session:
            emit(session, LampLit(lamp=lamp, number=number))


async def rows(database: Database, query: str) -> list[Record]:
    """What a query finds."""
    async with transaction(database) as session:
        return list(await (await driver(session)).fetch(query))


async def effects(database: Database, lamp: str) -> list[int]:
    """The numbers heard of a lamp, in the order of their effects."""
    async with transaction(database) as session:
        found = await (await driver(session)).fetch("SELECT number FROM effect WHERE lamp = $1 ORDER BY place", lamp)
        return [row["number"] for row in found]
