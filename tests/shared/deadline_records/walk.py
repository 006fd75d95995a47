"""A clock from its trigger through every warning to its end, and what the end means."""

from datetime import timedelta
from typing import Any

import pytest

from shared import deadline_records, deadlines
from shared.database.session import Database, transaction
from shared.deadline_records.errors import ActTooLate
from shared.deadline_records.scheduler import pass_time
from shared.testing.world import ServiceClient, World
from shared.vocabulary import DeadlineState
from tests.shared.deadline_records.records import record, told

_SECOND = timedelta(seconds=1)


async def walk(world: World, client: ServiceClient, code: str) -> dict[str, Any]:
    """Live through every warning of the newest deadline of a clock; gives the record as it stands at the end."""
    kept = await record(client.database, code)
    assert kept["state"] == DeadlineState.RUNNING
    expected = list(kept["warn_what"])
    for place, (what, at) in enumerate(zip(kept["warn_what"], kept["warn_at"], strict=True)):
        together = kept["warn_at"].count(at) > 1
        world.clock.set(at - _SECOND)
        await pass_time(client.database)
        assert together or what not in (await record(client.database, code))["told"]
        world.clock.set(at)
        await pass_time(client.database)
        assert (await record(client.database, code))["told"][: place + 1] == expected[: place + 1]
    facts = [
        (one["threshold"], fact["superior"])
        for fact in await told(client.database)
        for one in fact["deadlines"]
        if one["deadline_id"] == str(kept["id"])
    ]
    assert [what for what, _ in facts] == expected
    assert {higher for _, higher in facts} == {"35"}
    return await record(client.database, code)


async def end_of(world: World, client: ServiceClient, code: str) -> None:
    """Walk a clock to its end and see that what the rule says of a late act comes true."""
    done = await walk(world, client, code)
    rule = deadlines.book().rules.versions(code)[-1]
    assert rule.consequence_zh
    assert rule.consequence_en
    if "overdue" not in rule.warnings:
        assert (done["state"], done["met_at"]) == (DeadlineState.MET, done["overdue_from"])
        return
    assert done["state"] == DeadlineState.OVERDUE
    await world.pass_time()
    if (await record(client.database, code))["state"] == DeadlineState.WAIVED:
        assert rule.late == "lapse"
        return
    await _late_act(client.database, done, refused=rule.late == "refuse")


async def _late_act(database: Database, done: dict[str, Any], *, refused: bool) -> None:
    async with transaction(database) as session:
        if refused:
            with pytest.raises(ActTooLate):
                await deadline_records.meet(session, done["subject_id"], [done["code"]])
            return
        (met,) = await deadline_records.meet(session, done["subject_id"], [done["code"]])
        assert (met.state, met.late) == (DeadlineState.MET, True)
