"""Errors of sampling that no other test comes to."""

from typing import Any

from shared.core.ids import new_id
from shared.testing.world import World
from shared.vocabulary import Role
from tests.sampling.service.province import Stage


async def code(stage: Stage, path: str, body: Any = None, **how: Any) -> str:
    answer = await stage.world.sampling.post(path, body, **how)
    assert answer.is_client_error, answer.text
    return str(answer.json()["code"])


async def test_a_sample_that_is_large_enough_needs_no_waiver(stage: Stage) -> None:
    draw = await stage.planned()
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    found = await code(stage, f"/v1/draws/{draw}/waiver", {"reason": "样本量已足够，仍申请豁免"}, **stage.second)
    assert found == "waiver-not-needed"


async def test_an_abort_that_nobody_asked_for_is_refused(stage: Stage) -> None:
    draw = await stage.planned()
    assert await code(stage, f"/v1/draws/{draw}/abort", **stage.second) == "abort-not-requested"


async def test_what_was_drawn_is_not_published_before_the_end_of_the_embargo(stage: Stage) -> None:
    draw = await stage.executed()
    await stage.post(f"/v1/draws/{draw}/release", **stage.lead)
    answer = await stage.world.sampling.post(f"/v1/draws/{draw}/release", {"audience": "public"}, **stage.lead)
    assert answer.json()["code"] == "embargo", answer.text
    assert answer.json()["embargo_until"] == "2024-12-01"


async def test_a_province_without_objects_has_nothing_to_draw(world: World) -> None:
    empty = Stage(world)
    await empty.campaign_published()
    draw = await empty.planned()
    assert await code(empty, f"/v1/draws/{draw}/freeze", **empty.lead) == "nothing-to-draw"


async def test_a_request_about_somebody_outside_the_team_or_without_a_team_is_refused(stage: Stage) -> None:
    await stage.released()
    first = next(one for one in await stage.assignments() if one["city"] == "3501")
    path = f"/v1/assignments/{first['id']}/member-replacements"
    wanted = {"inspector_id": "FJ350199", "reason": "leave", "detail": "外派学习"}
    assert await code(stage, path, wanted, **stage.city("3501")) == "assignment-state"
    await stage.matched("3501")
    assert await code(stage, path, wanted, **stage.city("3501")) == "not-a-team-member"


async def test_a_request_that_does_not_exist_cannot_be_decided(stage: Stage) -> None:
    path = f"/v1/replacements/{new_id()}/decision"
    assert await code(stage, path, {"accepted": True}, **stage.city("3501")) == "request-not-found"


async def test_an_expert_outside_the_library_is_not_proposed(stage: Stage) -> None:
    await stage.released()
    first = next(one for one in await stage.assignments() if one["city"] == "3501")
    asked = await stage.post(
        f"/v1/assignments/{first['id']}/expert-requests", {"field": "23", "reason": "防爆专业"}, expect=201, **stage.city("3501")
    )
    nobody = {"expert_id": "EX-none", "conflict_free": True, "declaration": "与被检查对象无利益关系"}
    found = await code(stage, f"/v1/expert-requests/{asked['id']}/proposal", nobody, as_=Role.METROLOGY_COORDINATOR, org="35-MI")
    assert found == "person-unknown"
