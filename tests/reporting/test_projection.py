"""What reporting hears gives the same picture however it comes."""

import random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.db import transaction
from shared.events import Event
from shared.terms import Role
from shared.testing.world import World
from tests.reporting.facts import CAMPAIGN, whole_story

PICTURES: list[list[Any]] = []
"""What each order led to; every one is compared with the first."""
READ = {"as_": Role.PROV_ADMIN, "org": "35"}


async def picture(world: World) -> list[Any]:
    world.on("2024-12-02")
    paths = ("annex-3?round=final", "annex-4?round=final", "ledger", "assessment?round=final")
    return [(await world.reporting.get(f"/v1/campaigns/{CAMPAIGN}/{path}", **READ)).json() for path in paths]


def shuffled(facts: list[Event], seed: int) -> list[Event]:
    """Another order that keeps the order of each aggregate, as the broker does."""
    streams: dict[tuple[str, str], list[Event]] = {}
    for fact in facts:
        streams.setdefault((fact.owner, fact.aggregate), []).append(fact)
    chance, mixed, waiting = random.Random(seed), [], list(streams.values())
    while waiting:
        stream = chance.choice(waiting)
        mixed.append(stream.pop(0))
        waiting = [each for each in waiting if each]
    return mixed


@pytest.mark.parametrize("seed", [1, 7])
async def test_facts_of_different_keys_may_come_in_any_order(world: World, seed: int) -> None:
    world.on("2024-09-02")
    await world.tell(*shuffled(whole_story(), seed))
    mixed = await picture(world)
    assert [len(each["items"]) for each in mixed] == [5, 1, 5, 3]
    PICTURES.append(mixed)
    assert mixed == PICTURES[0]


async def test_that_picture_is_the_one_of_the_story_in_its_order(told: World) -> None:
    PICTURES.append(await picture(told))
    assert PICTURES[-1] == PICTURES[0]


async def test_facts_told_twice_are_counted_once(world: World) -> None:
    world.on("2024-09-02")
    await world.tell(*whole_story(), twice=True)
    twice = await picture(world)
    assert [len(each["items"]) for each in twice] == [5, 1, 5, 3]
    (found,) = [row for row in twice[2]["items"] if row["case_id"]]
    one = (await world.reporting.get(f"/v1/findings/{found['finding_id']}", **READ)).json()
    assert len(one["history"]) == 8


async def test_nobody_can_rewrite_the_history_of_a_finding(told: World) -> None:
    for change in ("UPDATE ledger_entry SET kind = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"):
        with pytest.raises(DBAPIError):
            async with transaction(told.reporting.database) as session:
                await session.execute(text(change))
