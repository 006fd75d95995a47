"""What the tests of deadline records look at: a case whose clocks run, its records, and what was told of them."""

import json
from typing import Any

from shared.database.session import Database, driver, transaction
from shared.testing.world import World
from tests.cases.acting import Acting, the_case
from tests.cases.builders import a_finding

LEAD = {"org": "3501"}


async def a_case(world: World, **other: Any) -> Acting:
    """A clue of Fuzhou, received today."""
    finding = a_finding(**other)
    await world.publish(finding)
    return await the_case(world, finding.finding_id)


async def rows(database: Database, query: str, *values: Any) -> list[dict[str, Any]]:
    async with transaction(database) as session:
        return [dict(row) for row in await (await driver(session)).fetch(query, *values)]


async def record(database: Database, code: str) -> dict[str, Any]:
    """The newest record of a clock."""
    return (await rows(database, "SELECT * FROM deadline WHERE code = $1 ORDER BY id DESC LIMIT 1", code))[0]


async def told(database: Database, kind: str = "DeadlinesWarned") -> list[dict[str, Any]]:
    """The facts of a kind that have been told, whether carried away or not, in their order."""
    query = """SELECT id, data::text AS data
               FROM (SELECT id, type, data FROM outbox UNION ALL SELECT id, type, data FROM event_log) AS fact
               WHERE type LIKE '%.' || $1 ORDER BY id"""
    return [json.loads(row["data"]) for row in await rows(database, query, kind)]


async def thresholds(database: Database, deadline_id: Any) -> list[str]:
    """The warnings told of one deadline, in the order in which they were told."""
    facts = await told(database)
    return [one["threshold"] for fact in facts for one in fact["deadlines"] if one["deadline_id"] == str(deadline_id)]
