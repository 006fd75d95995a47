"""The replica is the same whatever the order in which the events arrive, and however often."""

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database.session import transaction
from shared.events import Event
from shared.events.value_objects import Leave
from shared.testing.world import World
from shared.vocabulary import Role
from tests.reporting.story import BODY, CAMPAIGN, FORGED, LABEL, LETTER, TIP, TOY, team_of, whole_story

READ = {"as_": Role.PROV_ADMIN, "org": "35"}


async def forms(world: World) -> list[Any]:
    world.on("2024-12-02")
    paths = ("annex-3?round=final", "annex-4?round=final", "ledger", "assessment?round=final")
    return [(await world.reporting.get(f"/v1/campaigns/{CAMPAIGN}/{path}", **READ)).json() for path in paths]


def shuffled(events: list[Event], seed: int) -> list[Event]:
    """Another order that keeps the order of each aggregate, as the broker does."""
    streams: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        streams.setdefault((event.owner, event.aggregate), []).append(event)
    chance, mixed, waiting = random.Random(seed), [], list(streams.values())
    while waiting:
        stream = chance.choice(waiting)
        mixed.append(stream.pop(0))
        waiting = [stream for stream in waiting if stream]
    return mixed


@pytest.mark.parametrize("seed", [None, 1, 7])
async def test_events_of_different_keys_may_arrive_in_any_order(world: World, seed: int | None) -> None:
    world.on("2024-09-02")
    await world.publish(*(whole_story() if seed is None else shuffled(whole_story(), seed)))
    annex_3, annex_4, ledger, assessment = [form["items"] for form in await forms(world)]
    assert [
        (row["object_name"], row["experts"], row["corrected_on"], row["case_filed"], row["annex4_no"]) for row in annex_3
    ] == [
        ("福州电缆厂", "", "2024-10-08", "是", 1),
        ("福州后查厂", "", None, "否", None),
        (TOY.name, "", None, "否", None),
        ("平潭头盔店", "", None, "否", None),
        ("厦门消防厂", "专家甲", None, "否", None),
    ]
    assert [(row["status"], row["amount"], row["police"][:2], row["closed_on"]) for row in annex_4] == [
        ("结案", 1_000_050, "是，", "2024-11-08")
    ]
    assert {row["fact"]: (row["status"], row["closed_on"]) for row in ledger} == {
        LABEL.fact: ("已销号", "2024-10-08"),
        FORGED.fact: ("已销号", "2024-11-08"),
        TIP.fact: ("已提出建议", "2024-09-13"),
        BODY.fact: ("已销号", "2024-10-09"),
        LETTER.fact: ("已销号", "2024-10-14"),
    }
    assert {row["city"]: row["figures"]["completion_rate"] for row in assessment} == {
        "3501": [3, 3],
        "3502": [1, 1],
        "350128": [1, 1],
    }


async def test_events_delivered_twice_are_counted_once(world: World) -> None:
    world.on("2024-09-02")
    await world.publish(*whole_story(), twice=True)
    twice = await forms(world)
    assert [len(form["items"]) for form in twice] == [5, 1, 5, 3]
    (with_case,) = [row for row in twice[2]["items"] if row["case_id"]]
    finding = (await world.reporting.get(f"/v1/findings/{with_case['finding_id']}", **READ)).json()
    assert len(finding["history"]) == 8


async def test_nobody_can_rewrite_the_history_of_a_finding(replicated: World) -> None:
    for change in ("UPDATE ledger_entry SET kind = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"):
        with pytest.raises(DBAPIError):
            async with transaction(replicated.reporting.database) as session:
                await session.execute(text(change))


async def test_the_leaves_of_an_inspector_are_not_stored_here(world: World) -> None:
    absent = TOY.team()[0].model_copy(update={"leaves": (Leave(first=date(2024, 10, 8), last=date(2024, 10, 18)),)})
    await world.publish(team_of(TOY).model_copy(update={"members": (absent, TOY.team()[1])}))
    async with transaction(world.reporting.database) as session:
        (members,) = (await session.execute(text("SELECT members FROM assignment"))).scalars()
    assert [set(member) for member in members] == [{"inspector_id", "name", "org", "law_enforcement_no", "leader"}] * 2
