from pathlib import Path
from typing import Any

from shared.vocabulary import Role
from tests.sampling.service.province import Stage, uscc
from tests.sampling.service.verifier import verified


async def test_a_released_draw_gives_each_city_its_list_and_holds_before_the_verifier(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.released()
    listed = await stage.assignments()
    assert len(listed) == 8
    for city in ("3501", "3502"):
        mine = [one for one in listed if one["city"] == city]
        assert {one["task_no"] for one in mine} == {f"CCC-2024-215-{city}-{n:03d}" for n in range(1, len(mine) + 1)}
    assert {one["match_due_on"] for one in listed} == {"2024-08-07"}
    assert {one["state"] for one in listed} == {"pending_inspectors"}
    transcript = await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch)
    assert {one["unit_id"] for one in transcript["result"]["selected"]} == {one["uscc"] for one in listed}
    verified(transcript, tmp_path, await stage.get("/v1/ledger"))


async def test_before_the_embargo_ends_the_public_sees_the_commitment_and_no_seed_name_or_value(
    stage: Stage, tmp_path: Path
) -> None:
    draw = await stage.released()
    public = await stage.get(f"/v1/draws/{draw}/transcript/public")
    ledger = await stage.get("/v1/ledger")
    verified(public, tmp_path, ledger)
    seen = str(public) + str(ledger) + str(await stage.get("/v1/draws"))
    assert "8-16-23" not in seen
    assert not [number for number in range(9) for city in ("3501", "3502") if uscc(city, number) in seen]
    await stage.post(f"/v1/draws/{draw}/release", {"audience": "public"}, expect=409, **stage.lead)


async def test_after_the_embargo_the_public_sees_whom_the_draw_selected_with_proofs(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.released()
    stage.world.on("2024-12-02")
    await stage.post(f"/v1/draws/{draw}/release", {"audience": "public"}, **stage.lead)
    public = await stage.get(f"/v1/draws/{draw}/transcript/public")
    assert len(public["revealed"]) == 8
    verified(public, tmp_path, await stage.get("/v1/ledger"))


async def test_an_organisation_that_was_not_drawn_proves_its_rank_and_no_other_may_ask(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.released()
    drawn = {one["uscc"] for one in await stage.assignments()}
    other = next(code for code in (uscc("3501", number) for number in range(9)) if code not in drawn)
    path = f"/v1/draws/{draw}/membership/{other}"
    contact: dict[str, Any] = {"as_": Role.OBJECT_CONTACT, "sub": "contact"}
    assert (await stage.get(path, org=other, expect=409, **contact))["code"] == "embargo"
    verified(await stage.get(path, **stage.watch), tmp_path)
    stage.world.on("2024-12-02")
    proof = await stage.get(path, org=other, **contact)
    verified(proof, tmp_path, await stage.get("/v1/ledger"))
    assert (proof["membership"]["unit"]["unit_id"], proof["membership"]["status"] == "selected") == (other, False)
    everyone = {uscc(city, number) for city in ("3501", "3502") for number in range(9)}
    assert {code for code in everyone if code in str(proof)} == {other}
    await stage.get(path, org=uscc("3502", 1), expect=404, **contact)


async def test_a_city_a_county_and_an_inspector_see_only_what_is_theirs_and_each_read_is_logged(stage: Stage) -> None:
    await stage.released()
    mine = await stage.assignments(**stage.city("3501"))
    assert {one["city"] for one in mine} == {"3501"}
    assert await stage.assignments(as_=Role.COUNTY_LEAD, org="350102", sub="county") == []
    assert await stage.assignments(as_=Role.CITY_INSPECTOR, org="3501", sub="FJ350101") == []
    other = next(one for one in await stage.assignments() if one["city"] == "3502")
    await stage.get(f"/v1/assignments/{other['id']}", expect=404, **stage.city("3501"))
    from shared.database.session import reading  # noqa: PLC0415
    from shared.security.audit import audit_log  # noqa: PLC0415

    async with reading(stage.world.sampling.database) as session:
        rows = (await (await session.connection()).execute(audit_log.select())).all()
    actions = [(row.subject, row.action) for row in rows]
    assert ("lead-3501", "assignments.listed") in actions
    assert ("lead-3501", "access.denied") in actions


async def test_where_the_ratio_asks_for_more_the_seal_waits_for_a_second_person(stage: Stage, tmp_path: Path) -> None:
    await stage.campaign_published(code="CCC-2024-216", planned_sample=2, minimum_ratio=[1, 2], floor=0)
    draw = await stage.planned()
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    refused = await stage.post(f"/v1/draws/{draw}/seal", expect=409, **stage.lead)
    assert (refused["code"], refused["required"], refused["sample_size"]) == ("minimum-sample", 9, 2)
    alone = await stage.post(f"/v1/draws/{draw}/sample-size", {"sample_size": 9}, expect=409, **stage.lead)
    assert alone["code"] == "same-person"
    low = await stage.post(f"/v1/draws/{draw}/sample-size", {"sample_size": 8}, expect=409, **stage.second)
    assert low["code"] == "minimum-sample"
    await stage.post(f"/v1/draws/{draw}/waiver", {"reason": "人手不足"}, **stage.second)
    await stage.post(f"/v1/draws/{draw}/seal", expect=409, **stage.second)
    await stage.post(f"/v1/draws/{draw}/seal", **stage.lead)
    verified(await stage.get(f"/v1/draws/{draw}/transcript/public"), tmp_path, await stage.get("/v1/ledger"))


async def test_a_raised_sample_is_drawn_as_raised(stage: Stage) -> None:
    await stage.campaign_published(code="CCC-2024-216", planned_sample=2, minimum_ratio=[1, 2], floor=0)
    draw = await stage.planned()
    await stage.post(f"/v1/draws/{draw}/freeze", **stage.lead)
    await stage.post(f"/v1/draws/{draw}/sample-size", {"sample_size": 9}, **stage.second)
    await stage.post(f"/v1/draws/{draw}/seal", **stage.lead)
    await stage.post(f"/v1/draws/{draw}/contributions", {"source": "witness", "value": "x"}, **stage.watch)
    await stage.post(f"/v1/draws/{draw}/execute", **stage.lead)
    await stage.post(f"/v1/draws/{draw}/release", **stage.lead)
    assert len(await stage.assignments()) == 9
