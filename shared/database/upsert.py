"""Insert a row, or bring the row of its key to these values: how a replica follows the events of another service."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import SQLModel

from shared.database.session import Session


async def upsert(session: Session, table: type[SQLModel], values: dict[str, Any]) -> None:
    """Insert `values`, or set them in the row of the same primary key; columns that are not named stay as they are."""
    await (await session.connection()).execute(_statement(table, tuple(values)), values)


@cache
def _statement(table: type[SQLModel], columns: tuple[str, ...]) -> Insert:
    """Built once for each shape: at the start of a campaign thousands of events arrive, each one statement."""
    statement = insert(table).values({name: bindparam(name) for name in columns})
    key = [column.name for column in inspect(table).primary_key]
    rest = {name: statement.excluded[name] for name in columns if name not in key}
    if not rest:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=rest)
