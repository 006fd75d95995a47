"""What the run-time role may and may not do to the record of what was told and heard."""

from datetime import UTC, datetime

import asyncpg
import pytest

from shared.database.session import Database, driver, transaction
from shared.messaging.outbox import store
from shared.messaging.tables import is_partition
from shared.testing.bus import Listener, deliver_all
from tests.shared.messaging.events import LampLit, light, rows, write_down


@pytest.fixture
async def told(lighthouse: Database, harbour: Database) -> dict[str, Database]:
    """One fact told and heard."""
    await light(lighthouse, "a", 1)
    await deliver_all([lighthouse], [Listener(harbour, {LampLit: write_down})])
    return {"event_log": lighthouse, "event_log_2024_09": lighthouse, "inbox": harbour}


@pytest.mark.parametrize("table", ["event_log", "event_log_2024_09", "inbox"])
@pytest.mark.parametrize("change", ["UPDATE {} SET aggregate = 'b'", "DELETE FROM {}", "TRUNCATE {}"])
async def test_what_was_told_and_heard_cannot_be_changed(told: dict[str, Database], table: str, change: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
        await rows(told[table], change.format(table))


async def test_months_are_added_as_the_clock_moves_in_any_direction(lighthouse: Database) -> None:
    for month in ("2026-03", "2024-08", "2025-12", "2024-08"):
        at = datetime.fromisoformat(f"{month}-15T00:00:00+00:00").astimezone(UTC)
        await light(lighthouse, "a", 1)
        async with transaction(lighthouse) as session:
            connection = await driver(session)
            facts = await store.unsent(connection, 10)
            await store.ensure_month(connection, at)
            await store.move(connection, [fact.id for fact in facts], at)
    logged = await rows(lighthouse, "SELECT to_char(logged_at, 'YYYY-MM') AS month, sequence FROM event_log ORDER BY id")
    assert [tuple(row) for row in logged] == [("2026-03", 1), ("2024-08", 2), ("2025-12", 3), ("2024-08", 4)]
    children = await rows(lighthouse, "SELECT inhrelid::regclass::text AS name FROM pg_inherits ORDER BY 1")
    names = [row["name"] for row in children if not row["name"].endswith(("_pkey", "_idx"))]
    assert names == ["event_log_2024_08", "event_log_2025_12", "event_log_2026_03"]
    assert all(is_partition(name) for name in names)
    assert not is_partition("event_log")


async def test_the_run_time_role_makes_no_tables(lighthouse: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(lighthouse, "CREATE TABLE event_log_2030_01 PARTITION OF event_log DEFAULT")
