"""The lifecycle of a deadline: from its trigger through every warning to its end and the consequence."""

from datetime import timedelta
from typing import Any

import pytest

from shared import deadline_records, deadlines
from shared.database.session import Database, transaction
from shared.deadline_records.errors import ActTooLate
from shared.deadline_records.scheduler import pass_time
from shared.testing.world import ServiceClient, World
from shared.vocabulary import DeadlineState
from tests.shared.deadline_records.records import published, record

_SECOND = timedelta(seconds=1)


async def through_warnings(world: World, client: ServiceClient, code: str) -> dict[str, Any]:
    """Pass every warning of the newest deadline of a code; returns the record at its end."""
    deadline = await record(client.database, code)
    assert deadline["state"] == DeadlineState.RUNNING
    expected = list(deadline["warning_thresholds"])
    for index, (threshold, at) in enumerate(zip(deadline["warning_thresholds"], deadline["warn_at"], strict=True)):
        together = deadline["warn_at"].count(at) > 1
        world.clock.set(at - _SECOND)
        await pass_time(client.database)
        assert together or threshold not in (await record(client.database, code))["warned"]
        world.clock.set(at)
        await pass_time(client.database)
        assert (await record(client.database, code))["warned"][: index + 1] == expected[: index + 1]
    alerts = [
        (row["threshold"], event["superior"])
        for event in await published(client.database)
        for row in event["deadlines"]
        if row["deadline_id"] == str(deadline["id"])
    ]
    assert [threshold for threshold, _ in alerts] == expected
    assert {superior for _, superior in alerts} == {"35"}
    return await record(client.database, code)


async def reaches_its_end(world: World, client: ServiceClient, code: str) -> None:
    """Check every warning of a deadline to its end, and that a late act has the effect that the rule states."""
    done = await through_warnings(world, client, code)
    rule = deadlines.dataset().rules.versions(code)[-1]
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
    await _late_act(client.database, done, rejected=rule.late == "refuse")


async def _late_act(database: Database, done: dict[str, Any], *, rejected: bool) -> None:
    async with transaction(database) as session:
        if rejected:
            with pytest.raises(ActTooLate):
                await deadline_records.meet(session, done["subject_id"], [done["code"]])
            return
        (met,) = await deadline_records.meet(session, done["subject_id"], [done["code"]])
        assert (met.state, met.late) == (DeadlineState.MET, True)
