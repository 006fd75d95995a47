"""What the run-time role may and may not do to the record of published and handled events."""

from datetime import UTC, datetime

import asyncpg
import pytest

from shared.database.session import Database, driver, transaction
from shared.messaging.outbox import store
from shared.messaging.tables import is_partition
from shared.testing.bus import Subscriber, deliver_all
from tests.shared.messaging.events import TestEvent, emit_events, rows, write_effect


@pytest.fixture
async def databases(producer: Database, consumer: Database) -> dict[str, Database]:
    """One event published and handled: the database of each table."""
    await emit_events(producer, "a", 1)
    await deliver_all([producer], [Subscriber(consumer, {TestEvent: write_effect})])
    return {"event_log": producer, "event_log_2024_09": producer, "inbox": consumer}


@pytest.mark.parametrize("table", ["event_log", "event_log_2024_09", "inbox"])
@pytest.mark.parametrize("change", ["UPDATE {} SET aggregate = 'b'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_what_was_published_and_handled_cannot_be_changed(databases: dict[str, Database], table: str, change: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
        await rows(databases[table], change.format(table))


async def test_months_are_added_as_the_clock_moves_in_any_direction(producer: Database) -> None:
    for month in ("2026-03", "2024-08", "2025-12", "2024-08"):
        at = datetime.fromisoformat(f"{month}-15T00:00:00+00:00").astimezone(UTC)
        await emit_events(producer, "a", 1)
        async with transaction(producer) as session:
            connection = await driver(session)
            events = await store.unsent(connection, 10)
            await store.ensure_month(connection, at)
            await store.move(connection, [event.id for event in events], at)
    logged = await rows(producer, "SELECT to_char(logged_at, 'YYYY-MM') AS month, sequence FROM event_log ORDER BY id")
    assert [tuple(row) for row in logged] == [("2026-03", 1), ("2024-08", 2), ("2025-12", 3), ("2024-08", 4)]
    children = await rows(producer, "SELECT inhrelid::regclass::text AS name FROM pg_inherits ORDER BY 1")
    names = [row["name"] for row in children if not row["name"].endswith(("_pkey", "_idx"))]
    assert names == ["event_log_2024_08", "event_log_2025_12", "event_log_2026_03"]
    assert all(is_partition(name) for name in names)
    assert not is_partition("event_log")


async def test_the_run_time_role_makes_no_tables(producer: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(producer, "CREATE TABLE event_log_2030_01 PARTITION OF event_log DEFAULT")
