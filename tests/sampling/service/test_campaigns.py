from shared.terms import Role
from shared.testing.world import World
from tests.sampling.service.province import Stage


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
