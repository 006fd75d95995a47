from datetime import date
from typing import Any

from shared.testing.world import World
from shared.vocabulary import Role
from tests.sampling.service.province import Stage, inspected


async def test_what_is_left_out_is_as_the_notice_says(world: World) -> None:
    stage = Stage(world)
    made = await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=201, **stage.lead)
    assert (made["document_no"], made["window_from"], made["window_to"]) == (
        "闽市监认证〔2024〕215号",
        "2024-08-01",
        "2024-11-30",
    )
    assert (made["plan"]["planned_sample"], made["plan"]["minimum_ratio"], made["team_size"]) == (100, [1, 10], 2)
    assert made["participating_cities"] == [f"350{number}" for number in range(1, 10)]
    assert made["interim_cutoff_on"] == "2024-10-25"


async def test_a_campaign_is_approved_by_another_person_and_goes_one_way(world: World) -> None:
    stage = Stage(world)
    made = await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=201, **stage.lead)
    path = f"/v1/campaigns/{made['id']}"
    assert (await stage.post(f"{path}/approval", expect=409, **stage.lead))["code"] == "same-person"
    assert (await stage.post(f"{path}/publication", expect=409, **stage.lead))["code"] == "campaign-state"
    await stage.post(f"{path}/approval", **stage.second)
    await stage.post(f"{path}/publication", **stage.lead)
    assert (await stage.post(f"{path}/closure", **stage.lead))["state"] == "closed"
    assert (await stage.get(path, as_=Role.CITY_LEAD, org="3501"))["state"] == "closed"


async def test_a_code_is_given_once(world: World) -> None:
    stage = Stage(world)
    await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=201, **stage.lead)
    taken = await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=409, **stage.lead)
    assert taken["code"] == "campaign-code-taken"


async def test_no_draw_is_planned_before_the_campaign_is_published(world: World) -> None:
    stage = Stage(world)
    made = await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=201, **stage.lead)
    wanted = {"campaign_id": made["id"], "kind": "object"}
    assert (await stage.post("/v1/draws", wanted, expect=409, **stage.lead))["code"] == "campaign-state"


async def test_a_city_plans_neither_campaigns_nor_object_draws(stage: Stage) -> None:
    assert (await stage.post("/v1/campaigns", {"code": "CCC-2025-1"}, expect=403, **stage.city("3501")))["code"] == "forbidden"
    wanted = {"campaign_id": stage.campaign, "kind": "object"}
    assert (await stage.post("/v1/draws", wanted, expect=403, **stage.city("3501")))["code"] == "draw-step-forbidden"


async def test_an_edit_of_an_approved_plan_voids_the_approval_and_its_author_does_not_approve(world: World) -> None:
    stage = Stage(world)
    made = await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=201, **stage.lead)
    path = f"/v1/campaigns/{made['id']}"
    approved = await stage.post(f"{path}/approval", **stage.second)
    wanted = {"code": "CCC-2024-215", "planned_sample": 120}
    stale = await world.sampling.put(path, wanted, version=made["version"], **stage.second)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    assert (await world.sampling.put(path, wanted, **stage.second)).json()["code"] == "version-required"
    read = await world.sampling.get(path, **stage.second)
    assert read.headers["etag"] == f'"{approved["version"]}"'
    changed = (await world.sampling.put(path, wanted, version=approved["version"], **stage.second)).json()
    assert (changed["state"], changed["approved_by"], changed["plan"]["planned_sample"]) == ("draft", None, 120)
    for person in (stage.lead, stage.second):
        assert (await stage.post(f"{path}/approval", expect=409, **person))["code"] == "same-person"
    third: dict[str, Any] = {"as_": Role.PROV_ADMIN, "sub": "prov-3"}
    await stage.post(f"{path}/approval", **third)
    published = await stage.post(f"{path}/publication", **stage.lead)
    late = await world.sampling.put(path, wanted, version=published["version"], **stage.second)
    assert (late.status_code, late.json()["code"]) == (409, "campaign-state")


async def test_an_edit_does_not_take_the_code_of_another_campaign(world: World) -> None:
    stage = Stage(world)
    await stage.post("/v1/campaigns", {"code": "CCC-2024-215"}, expect=201, **stage.lead)
    made = await stage.post("/v1/campaigns", {"code": "CCC-2024-216"}, expect=201, **stage.lead)
    answer = await world.sampling.put(f"/v1/campaigns/{made['id']}", {"code": "CCC-2024-215"}, version=1, **stage.lead)
    assert answer.json()["code"] == "campaign-code-taken"


async def test_a_plan_is_given_up_before_it_is_published_and_not_after(stage: Stage) -> None:
    made = await stage.post("/v1/campaigns", {"code": "CCC-2024-219"}, expect=201, **stage.lead)
    path = f"/v1/campaigns/{made['id']}"
    gone = await stage.post(f"{path}/withdrawal", {"ground": "与省局计划重复"}, **stage.lead)
    assert (gone["state"], gone["withdrawal_ground"]) == ("withdrawn", "与省局计划重复")
    assert (await stage.post(f"{path}/approval", expect=409, **stage.second))["code"] == "campaign-state"
    late = await stage.post(f"/v1/campaigns/{stage.campaign}/withdrawal", {"ground": "x"}, expect=409, **stage.lead)
    assert late["code"] == "campaign-state"


async def test_a_campaign_closes_when_every_object_was_inspected_and_no_draw_goes_on(stage: Stage) -> None:
    draw = await stage.sealed()
    path = f"/v1/campaigns/{stage.campaign}/closure"
    refused = await stage.post(path, expect=409, **stage.lead)
    assert (refused["code"], refused["draws"], refused["assignments"]) == ("campaign-not-done", 1, 0)
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "8-16-23"}, **stage.watch)
    for step in ("execute", "release"):
        await stage.post(f"/v1/draws/{draw}/{step}", **stage.lead)
    drawn = await stage.assignments()
    assert (await stage.post(path, expect=409, **stage.lead))["assignments"] == len(drawn)
    await stage.world.publish(*[inspected(stage.campaign, one, date(2024, 8, 20)) for one in drawn])
    assert (await stage.post(path, **stage.lead))["state"] == "closed"
    assert {one["state"] for one in await stage.assignments()} == {"closed"}
