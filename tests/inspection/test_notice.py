"""The object is told on the day before, never earlier; the visit begins on the day it was told."""

from datetime import date

import pytest

from services.inspection.rules import notice
from shared.terms import Role
from shared.testing.world import World
from tests.inspection import facts
from tests.inspection.visit import FIRST, LEAD, SECOND, Visit, ok, refused


@pytest.mark.parametrize(
    ("inspection", "told"),
    [
        ("2024-09-18", "2024-09-14"),  # Mid-Autumn 15-17 September; the 14th is a working Saturday
        ("2024-10-08", "2024-09-30"),  # National Day holiday
        ("2024-10-12", "2024-10-11"),  # a working Saturday is inspected, Friday is the day before
        ("2024-10-14", "2024-10-12"),  # Monday after a working Saturday and a Sunday off
        ("2024-08-15", "2024-08-14"),
    ],
)
def test_the_notice_has_one_day(inspection: str, told: str) -> None:
    assert notice.notice_on(date.fromisoformat(inspection)) == date.fromisoformat(told)


async def test_an_earlier_and_a_later_notice_are_refused_and_change_nothing(world: World) -> None:
    visit = await Visit.assigned(world)
    refused(await visit.notify(), "transition-forbidden")
    assert ok(await visit.schedule())["notice_on"] == "2024-09-14"
    world.on("2024-09-13")
    assert refused(await visit.notify(), "notice-too-early")["notice_on"] == "2024-09-14"
    world.on("2024-09-17")
    assert refused(await visit.notify(), "notice-too-late")["notice_on"] == "2024-09-14"
    assert ok(await visit.get())["state"] == "scheduled"


async def test_a_new_day_needs_a_new_notice(world: World) -> None:
    visit = await Visit.assigned(world)
    ok(await visit.schedule())
    world.on(facts.NOTICE_DAY)
    ok(await visit.notify())
    assert ok(await visit.schedule(date(2024, 9, 19)))["state"] == "scheduled"
    world.on("2024-09-19")
    refused(await visit.post("start", {}, **FIRST), "transition-forbidden")


async def test_the_visit_begins_on_its_day_by_its_team_alone(world: World) -> None:
    visit = await Visit.assigned(world)
    ok(await visit.schedule())
    world.on(facts.NOTICE_DAY)
    ok(await visit.notify(**SECOND))
    refused(await visit.post("start", {}, **FIRST), "not-inspection-day")
    world.on(facts.DAY)
    refused(await visit.post("start", {}, **FIRST | {"sub": "a-colleague"}), "not-on-team")
    refused(await visit.post("start", {}, **LEAD), "forbidden")
    assert ok(await visit.post("start", {}, **SECOND))["state"] == "in_progress"


async def test_a_day_that_has_passed_cannot_be_planned(world: World) -> None:
    visit = await Visit.assigned(world)
    refused(await visit.schedule(date(2024, 8, 4)), "day-in-the-past")


async def test_another_city_sees_and_plans_nothing(world: World) -> None:
    visit = await Visit.assigned(world)
    for stranger in ({"as_": Role.CITY_LEAD, "org": "3502"}, {"as_": Role.COUNTY_LEAD, "org": "350121"}):
        assert ok(await world.inspection.get("/v1/inspections", **stranger))["items"] == []
        refused(await visit.get(**stranger), "inspection-not-found")
        refused(await visit.schedule(**stranger), "inspection-not-found")
    assert ok(await visit.get(as_=Role.PROV_ADMIN))["id"] == visit.id
    assert ok(await visit.get(as_=Role.COUNTY_LEAD, org="350102"))["id"] == visit.id
    assert ok(await visit.get(**SECOND))["id"] == visit.id  # a member from another county of the city
