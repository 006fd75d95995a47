"""The object is told on the day before, never earlier; the visit begins on the day it was told."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from services.inspection.rules import notice
from shared import deadlines
from shared.events.sampling import CampaignClosed
from shared.testing.world import World
from shared.vocabulary import Role
from tests.inspection import facts
from tests.inspection.visit import FIRST, LEAD, OBJECT, SECOND, Visit, ok, refused


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
    assert notice.notice_on(date.fromisoformat(inspection), deadlines.book().calendar) == date.fromisoformat(told)


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
    refused(await visit.post("start", {}, **FIRST | {"sub": "a-colleague"}), "inspection-not-found")
    refused(await visit.post("start", {}, **LEAD), "forbidden")
    assert ok(await visit.post("start", {}, **SECOND))["state"] == "in_progress"


async def test_an_inspector_sees_the_inspections_of_his_own_teams_alone(world: World) -> None:
    visit = await Visit.begun(world)
    evidence = ok(await visit.upload())["id"]
    colleagues: list[dict[str, Any]] = [{**FIRST, "sub": "a-colleague"}, {"as_": Role.COUNTY_INSPECTOR, "org": "350102"}]
    for colleague in colleagues:
        assert ok(await world.inspection.get("/v1/inspections", **colleague))["items"] == []
        assert ok(await world.inspection.get("/v1/notices", **colleague))["items"] == []
        refused(await visit.get(**colleague), "inspection-not-found")
        refused(await world.inspection.get(f"/v1/evidence/{evidence}", **colleague), "evidence-not-found")
    assert len(ok(await world.inspection.get("/v1/inspections", **FIRST))["items"]) == 1


async def test_an_object_knows_nothing_of_its_inspection_before_the_notice(world: World) -> None:
    visit = await Visit.assigned(world)
    ok(await visit.schedule())
    refused(await visit.get("confirmation-sheet", **OBJECT), "inspection-not-found")
    refused(await visit.get("confirmation-sheet.pdf", **OBJECT), "inspection-not-found")
    world.on(facts.NOTICE_DAY)
    ok(await visit.notify())
    assert ok(await visit.get("confirmation-sheet", **OBJECT))["inspection_id"] == visit.id


async def test_a_day_that_has_passed_or_is_too_near_for_its_notice_cannot_be_planned(world: World) -> None:
    visit = await Visit.assigned(world)
    refused(await visit.schedule(date(2024, 8, 4)), "day-in-the-past")
    refused(await visit.schedule(date(2024, 8, 5)), "notice-too-late")
    ok(await visit.schedule(date(2024, 8, 6)))


async def test_nothing_is_planned_in_a_closed_campaign(world: World) -> None:
    await world.publish(facts.campaign(), CampaignClosed(campaign_id=facts.CAMPAIGN, closed_on=date(2024, 8, 2)))
    visit = await Visit.assigned(world)
    refused(await visit.schedule(), "campaign-closed")


async def test_reading_the_list_is_noted(world: World) -> None:
    ok(await world.inspection.get("/v1/inspections", **LEAD))
    async with world.inspection.database.reading.connect() as connection:
        noted = await connection.execute(text("SELECT org FROM audit_log WHERE action = 'inspections.listed'"))
    assert [row.org for row in noted] == ["3501"]


async def test_another_city_sees_and_plans_nothing(world: World) -> None:
    visit = await Visit.assigned(world)
    strangers: list[dict[str, Any]] = [{"as_": Role.CITY_LEAD, "org": "3502"}, {"as_": Role.COUNTY_LEAD, "org": "350121"}]
    for stranger in strangers:
        assert ok(await world.inspection.get("/v1/inspections", **stranger))["items"] == []
        refused(await visit.get(**stranger), "inspection-not-found")
        refused(await visit.schedule(**stranger), "inspection-not-found")
    assert ok(await visit.get(as_=Role.PROV_ADMIN))["id"] == visit.id
    assert ok(await visit.get(as_=Role.COUNTY_LEAD, org="350102"))["id"] == visit.id
    assert ok(await visit.get(**SECOND))["id"] == visit.id  # a member from another county of the city
