import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.core.ids import new_id
from shared.database.session import transaction
from shared.events.inspection import ObjectNotified
from shared.vocabulary import Role
from tests.sampling.service.province import Stage, inspected
from tests.sampling.service.verifier import verified

INSTITUTE: dict[str, Any] = {"as_": Role.METROLOGY_COORDINATOR, "org": "35-MI", "sub": "institute"}


async def test_a_city_draws_two_inspectors_for_each_object_and_only_its_own(stage: Stage, tmp_path: Path) -> None:
    await stage.released()
    draw = await stage.matched("3501")
    mine = await stage.assignments(**stage.city("3501"))
    assert {one["state"] for one in mine} == {"matched"}
    for one in mine:
        assert len(one["team"]) == 2
        assert [member["leader"] for member in one["team"]] == [True, False]
        assert all(member["inspector_id"].startswith("FJ3501") for member in one["team"])
    assert {one["state"] for one in await stage.assignments(**stage.city("3502"))} == {"pending_inspectors"}
    verified(await stage.get(f"/v1/draws/{draw}/transcript", **stage.city("3501")), tmp_path, await stage.get("/v1/ledger"))
    await stage.get(f"/v1/draws/{draw}/transcript", expect=404, **stage.city("3502"))
    stage.world.on("2024-12-02")
    verified(await stage.get(f"/v1/draws/{draw}/transcript/public"), tmp_path)


async def test_an_inspector_and_his_county_see_an_assignment_once_the_team_stands(stage: Stage) -> None:
    await stage.released()
    await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    who = one["team"][0]["inspector_id"]
    mine = await stage.assignments(as_=Role.CITY_INSPECTOR, org="3501", sub=who)
    assert one["id"] in {other["id"] for other in mine}
    assert all(who in {member["inspector_id"] for member in other["team"]} for other in mine)
    county = await stage.assignments(as_=Role.COUNTY_LEAD, org=one["county"], sub="county")
    assert {other["county"] for other in county} == {one["county"]}


async def test_everyone_left_out_of_a_task_stands_in_the_exclusions_with_the_reason(stage: Stage) -> None:
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    await stage.post("/v1/inspectors/FJ350100/leaves", {"from": "2024-08-01", "to": "2024-08-31"}, **stage.city("3501"))
    conflict = {"person": "FJ350101", "uscc": one["uscc"], "reason": "kinship"}
    await stage.post("/v1/conflicts", conflict, expect=201, **stage.city("3501"))
    draw = await stage.matched("3501")
    exclusions = (await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch))["exclusions"]
    assert {x["reason"] for x in exclusions if x["inspector"] == "FJ350100"} == {"ON_LEAVE"}
    assert [x["task"] for x in exclusions if x["inspector"] == "FJ350101"] == [one["task_no"]]


async def test_too_few_inspectors_are_refused_with_the_tasks_that_lack_them(stage: Stage) -> None:
    await stage.released()
    for number in range(7):
        path = f"/v1/inspectors/FJ3501{number:02d}/leaves"
        await stage.post(path, {"from": "2024-08-01", "to": "2024-08-31"}, **stage.city("3501"))
    body = {"campaign_id": stage.campaign, "kind": "inspector", "inspection_on": "2024-08-20"}
    draw = (await stage.post("/v1/draws", body, expect=201, **stage.city("3501")))["id"]
    refused = await stage.post(f"/v1/draws/{draw}/freeze", expect=409, **stage.city("3501"))
    assert refused["code"] == "draw-teams-infeasible"
    assert (refused["missing"] > 0, refused["inspectors"]) == (True, ["FJ350107"])


async def test_a_recused_member_gives_way_to_a_newly_drawn_one_in_the_same_chain(stage: Stage, tmp_path: Path) -> None:
    await stage.released()
    root = await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    leaving = one["team"][0]["inspector_id"]
    himself: dict[str, Any] = {"as_": Role.CITY_INSPECTOR, "org": "3501", "sub": leaving}
    asked = await stage.post(
        f"/v1/assignments/{one['id']}/recusals", {"inspector_id": leaving, "reason": "kinship"}, expect=201, **himself
    )
    path = f"/v1/replacements/{asked['id']}"
    foreign = await stage.post(f"{path}/decision", {"accepted": True}, expect=404, **stage.city("3502"))
    assert foreign["code"] == "assignment-not-found"
    decided = await stage.post(f"{path}/decision", {"accepted": True}, **stage.city("3501"))
    refused = await stage.post(f"{path}/manual", {"inspector_id": "FJ350107"}, expect=409, **stage.city("3501"))
    assert refused["code"] == "pool-sufficient"
    await stage.run(decided["draw_id"], "3501")
    verified(
        await stage.get(f"/v1/draws/{decided['draw_id']}/transcript", **stage.watch), tmp_path, await stage.get("/v1/ledger")
    )
    after = await stage.get(f"/v1/assignments/{one['id']}", **stage.city("3501"))
    assert after["state"] == "matched"
    there = [member["inspector_id"] for member in after["team"] if member["state"] == "confirmed"]
    assert len(there) == 2
    assert leaving not in there
    verified(await stage.get(f"/v1/draws/{root}/transcript", **stage.watch), tmp_path, await stage.get("/v1/ledger"))
    stage.world.on("2024-12-02")
    verified(await stage.get(f"/v1/draws/{root}/transcript/public"), tmp_path, await stage.get("/v1/ledger"))


async def test_a_successor_is_named_by_hand_only_where_the_pool_is_empty(stage: Stage, tmp_path: Path) -> None:
    await stage.released()
    root = await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    team = [member["inspector_id"] for member in one["team"]]
    asked = await stage.post(
        f"/v1/assignments/{one['id']}/member-replacements",
        {"inspector_id": team[1], "reason": "leave"},
        expect=201,
        **stage.city("3501"),
    )
    path = f"/v1/replacements/{asked['id']}"
    wrong = await stage.post(f"{path}/decision", {"accepted": True}, expect=403, **stage.city("3501", "deputy"))
    assert wrong["code"] == "draw-step-forbidden"
    await stage.post(f"{path}/decision", {"accepted": True}, **stage.second)
    for number in range(8):
        if f"FJ3501{number:02d}" not in team:
            leave = {"from": "2024-08-01", "to": "2024-08-31"}
            await stage.post(f"/v1/inspectors/FJ3501{number:02d}/leaves", leave, **stage.city("3501"))
    unfit = await stage.post(f"{path}/manual", {"inspector_id": team[0]}, expect=409, **stage.city("3501", "deputy"))
    assert unfit["code"] == "not-eligible"
    done = await stage.post(f"{path}/manual", {"inspector_id": "FJ350203"}, **stage.city("3501", "deputy"))
    assert (done["by_hand"], done["incoming"]) == (True, "FJ350203")
    verified(await stage.get(f"/v1/draws/{root}/transcript", **stage.watch), tmp_path, await stage.get("/v1/ledger"))


async def test_a_replaced_object_gives_way_to_the_next_reserve_with_the_same_team(stage: Stage, tmp_path: Path) -> None:
    draw = await stage.released()
    await stage.matched("3501")
    mine = await stage.assignments(**stage.city("3501"))
    one = mine[0]
    asked = await stage.post(
        f"/v1/assignments/{one['id']}/object-replacements", {"reason": "object_moved"}, expect=201, **stage.city("3501")
    )
    done = await stage.post(f"/v1/object-replacements/{asked['id']}/approval", **stage.second)
    after = await stage.get(f"/v1/assignments/{done['new_assignment_id']}", **stage.city("3501"))
    assert after["task_no"] == f"CCC-2024-215-3501-{len(mine) + 1:03d}"
    assert [member["inspector_id"] for member in after["team"]] == [member["inspector_id"] for member in one["team"]]
    assert (await stage.get(f"/v1/assignments/{one['id']}", **stage.lead))["state"] == "object_replaced"
    reserves = (await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch))["result"]["reserves"]
    assert after["uscc"] in {entry["unit_id"] for entry in reserves if entry["rank"] == after["rank"]}
    verified(await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch), tmp_path, await stage.get("/v1/ledger"))
    stage.world.on("2024-12-02")
    verified(await stage.get(f"/v1/draws/{draw}/transcript/public"), tmp_path, await stage.get("/v1/ledger"))


async def test_without_a_reserve_an_object_is_not_replaced(stage: Stage) -> None:
    await stage.campaign_published(code="CCC-2024-216", reserves_per_stratum=0)
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    asked = await stage.post(
        f"/v1/assignments/{one['id']}/object-replacements", {"reason": "unreachable"}, expect=201, **stage.city("3501")
    )
    refused = await stage.post(f"/v1/object-replacements/{asked['id']}/approval", expect=409, **stage.second)
    assert refused["code"] == "draw-no-reserve"
    assert (await stage.get(f"/v1/assignments/{one['id']}", **stage.lead))["state"] == "pending_inspectors"


async def test_an_expert_is_allotted_who_knows_the_field_and_has_no_conflict(stage: Stage) -> None:
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    expert = {"name": "专家", "employer": "省计量院", "title": "高级工程师", "fields": ["23"]}
    people = [expert | {"expert_id": "EX1"}, expert | {"expert_id": "EX2"}, expert | {"expert_id": "EX3", "fields": ["11"]}]
    await stage.post("/v1/experts", {"experts": people}, expect=201, **INSTITUTE)
    await stage.post("/v1/conflicts", {"person": "EX1", "uscc": one["uscc"], "reason": "interest"}, expect=201, **stage.lead)
    asked = await stage.post(
        f"/v1/assignments/{one['id']}/expert-requests", {"field": "23", "reason": "防爆"}, expect=201, **stage.city("3501")
    )
    path = f"/v1/expert-requests/{asked['id']}"
    words = {"conflict_free": True, "declaration": "无利益冲突"}
    for who, reason in (("EX1", "CONFLICT"), ("EX3", "FIELD")):
        refused = await stage.post(f"{path}/proposal", words | {"expert_id": who}, expect=409, **INSTITUTE)
        assert (refused["code"], refused["reason"]) == ("not-eligible", reason)
    wrong = {"expert_id": "EX2", "conflict_free": False, "declaration": "x"}
    await stage.post(f"{path}/proposal", wrong, expect=422, **INSTITUTE)
    assert (await stage.post(f"{path}/allotment", expect=409, **stage.lead))["code"] == "nothing-proposed"
    await stage.post(f"{path}/proposal", words | {"expert_id": "EX2"}, **INSTITUTE)
    assert await stage.assignments(as_=Role.EXPERT, org="35-MI", sub="EX2") == []
    await stage.post(f"{path}/allotment", expect=403, **INSTITUTE)
    await stage.post(f"{path}/allotment", **stage.lead)
    seen = await stage.assignments(as_=Role.EXPERT, org="35-MI", sub="EX2")
    assert [other["id"] for other in seen] == [one["id"]]
    assert [other["expert_id"] for other in seen[0]["experts"]] == ["EX2"]


async def asked_with_proposal(stage: Stage, one: dict[str, Any]) -> str:
    """The path of a request for an expert for which the institute proposed EX9."""
    expert = {"expert_id": "EX9", "name": "专家", "employer": "省计量院", "title": "高级工程师", "fields": ["23"]}
    await stage.post("/v1/experts", {"experts": [expert]}, expect=201, **INSTITUTE)
    wanted = {"field": "23", "reason": "防爆"}
    asked = await stage.post(f"/v1/assignments/{one['id']}/expert-requests", wanted, expect=201, **stage.city("3501"))
    words = {"expert_id": "EX9", "conflict_free": True, "declaration": "无利益冲突"}
    await stage.post(f"/v1/expert-requests/{asked['id']}/proposal", words, **INSTITUTE)
    return f"/v1/expert-requests/{asked['id']}"


async def test_a_conflict_that_is_registered_after_the_proposal_stops_the_allotment(stage: Stage) -> None:
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    path = await asked_with_proposal(stage, one)
    await stage.post("/v1/conflicts", {"person": "EX9", "uscc": one["uscc"], "reason": "interest"}, expect=201, **stage.lead)
    assert (await stage.post(f"{path}/allotment", expect=409, **stage.lead))["code"] == "not-eligible"
    returned = await stage.post(f"{path}/proposal-return", {"ground": "存在利益冲突"}, **stage.lead)
    assert (returned["proposed_expert_id"], returned["declaration"]) == (None, None)
    assert (await stage.post(f"{path}/allotment", expect=409, **stage.lead))["code"] == "nothing-proposed"


async def test_a_request_for_an_expert_may_be_refused_and_made_again(stage: Stage) -> None:
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    path = await asked_with_proposal(stage, one)
    refused = await stage.post(f"{path}/rejection", {"ground": "该产品无需专家支持"}, **stage.lead)
    assert (refused["rejection_ground"], refused["expert_id"]) == ("该产品无需专家支持", None)
    for act in ("allotment", "rejection", "proposal-return"):
        body = None if act == "allotment" else {"ground": "x"}
        assert (await stage.post(f"{path}/{act}", body, expect=409, **stage.lead))["code"] == "already-decided"
    again = {"field": "23", "reason": "现场发现防爆结构改动"}
    await stage.post(f"/v1/assignments/{one['id']}/expert-requests", again, expect=201, **stage.city("3501"))


async def test_a_replacement_of_an_object_that_was_refused_may_be_asked_for_again(stage: Stage) -> None:
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    ask = f"/v1/assignments/{one['id']}/object-replacements"
    first = await stage.post(ask, {"reason": "unreachable"}, expect=201, **stage.city("3501"))
    path = f"/v1/object-replacements/{first['id']}"
    await stage.post(f"{path}/rejection", {"ground": "x"}, expect=403, **stage.city("3501", "deputy"))
    assert (await stage.post(ask, {"reason": "no_activity"}, expect=409, **stage.city("3501")))["code"] == "already-decided"
    refused = await stage.post(f"{path}/rejection", {"ground": "电话可以接通"}, **stage.second)
    assert (refused["refused_by"], refused["rejection_ground"]) == ("prov-2", "电话可以接通")
    for act, body in (("approval", None), ("rejection", {"ground": "x"})):
        assert (await stage.post(f"{path}/{act}", body, expect=409, **stage.second))["code"] == "already-decided"
    assert (await stage.get(f"/v1/assignments/{one['id']}", **stage.lead))["state"] == "pending_inspectors"
    second = await stage.post(ask, {"reason": "object_moved"}, expect=201, **stage.city("3501"))
    await stage.post(f"/v1/object-replacements/{second['id']}/approval", **stage.second)


async def test_whoever_inspected_an_organisation_in_the_last_three_years_is_not_drawn_for_it(stage: Stage) -> None:
    await stage.released()
    one = (await stage.assignments(**stage.city("3501")))[0]
    days = {"FJ350101": "2021-08-19", "FJ350102": "2021-08-20", "FJ350103": "2022-03-01", "FJ350104": "2023-05-01"}
    for who, day in days.items():
        past = inspected(stage.campaign, one, date.fromisoformat(day), who).model_copy(update={"assignment_id": new_id()})
        await stage.world.publish(past, twice=True)
    draw = await stage.matched("3501")
    exclusions = (await stage.get(f"/v1/draws/{draw}/transcript", **stage.watch))["exclusions"]
    assert {(each["inspector"], each["reason"], each["task"]) for each in exclusions} == {
        (who, "INSPECTED_BEFORE", one["task_no"]) for who in ("FJ350102", "FJ350103", "FJ350104")
    }


async def test_an_object_that_was_notified_may_ask_for_a_recusal_with_a_reason_of_its_own(stage: Stage) -> None:
    await stage.released()
    await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    contact: dict[str, Any] = {"as_": Role.OBJECT_CONTACT, "org": one["uscc"], "sub": "contact"}
    path = f"/v1/assignments/{one['id']}/recusals"
    who = one["team"][1]["inspector_id"]
    wanted = {"inspector_id": who, "reason": "object_request", "detail": "亲属关系"}
    assert (await stage.post(path, wanted, expect=404, **contact))["code"] == "assignment-not-found"
    await stage.world.publish(notice(stage, one), twice=True)
    assert (await stage.post(path, wanted | {"reason": "interest"}, expect=422, **contact))["code"] == "ground-refused"
    assert (await stage.post(path, wanted | {"detail": ""}, expect=422, **contact))["code"] == "ground-refused"
    await stage.post(path, wanted, expect=201, **contact)
    assert (await stage.post(path, wanted, expect=409, **stage.city("3501")))["code"] == "already-decided"


def notice(stage: Stage, one: dict[str, Any], day: date = date(2024, 8, 20)) -> ObjectNotified:
    return ObjectNotified(
        inspection_id=new_id(),
        assignment_id=UUID(one["id"]),
        campaign_id=UUID(stage.campaign),
        uscc=one["uscc"],
        inspection_on=day,
        notified_at=stage.world.clock.now(),
        channel="phone",
        content_hash="0" * 64,
    )


async def published(stage: Stage, kind: str, one: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a kind that were published of an assignment."""
    query = text("SELECT data FROM outbox WHERE type = :type AND aggregate = :id ORDER BY id")
    async with transaction(stage.world.sampling.database) as session:
        found = await session.execute(query, {"type": f"ccc.sampling.{kind}", "id": one["id"]})
        return [json.loads(data) if isinstance(data, str) else data for data in found.scalars()]


async def test_an_object_that_was_notified_keeps_its_right_of_recusal_when_a_member_is_exchanged(stage: Stage) -> None:
    await stage.released()
    await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    contact: dict[str, Any] = {"as_": Role.OBJECT_CONTACT, "org": one["uscc"], "sub": "contact"}
    path = f"/v1/assignments/{one['id']}/recusals"
    first = {"inspector_id": one["team"][0]["inspector_id"], "reason": "object_request", "detail": "亲属关系"}
    await stage.world.publish(notice(stage, one))
    asked = await stage.post(path, first, expect=201, **contact)
    decided = await stage.post(f"/v1/replacements/{asked['id']}/decision", {"accepted": True}, **stage.city("3501"))
    await stage.run(decided["draw_id"], "3501")
    after = await stage.get(f"/v1/assignments/{one['id']}", **stage.city("3501"))
    assert after["state"] == "notified"
    (came,) = {member["inspector_id"] for member in after["team"]} - {member["inspector_id"] for member in one["team"]}
    await stage.post(path, first | {"inspector_id": came}, expect=201, **contact)


async def test_a_notice_that_is_handled_while_a_place_is_free_counts_once_it_is_filled(stage: Stage) -> None:
    await stage.released()
    await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    wanted = {"inspector_id": one["team"][1]["inspector_id"], "reason": "kinship"}
    asked = await stage.post(f"/v1/assignments/{one['id']}/recusals", wanted, expect=201, **stage.city("3501", "other"))
    decided = await stage.post(f"/v1/replacements/{asked['id']}/decision", {"accepted": True}, **stage.city("3501"))
    await stage.world.publish(notice(stage, one))
    assert (await stage.get(f"/v1/assignments/{one['id']}", **stage.lead))["state"] == "recused"
    await stage.run(decided["draw_id"], "3501")
    assert (await stage.get(f"/v1/assignments/{one['id']}", **stage.lead))["state"] == "notified"


async def test_a_team_is_published_with_what_decides_about_a_day_and_again_when_that_changes(stage: Stage) -> None:
    await stage.released()
    await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    who, me = one["team"][0]["inspector_id"], stage.city("3501")
    for first, last in (("2024-07-01", "2024-07-05"), ("2024-10-08", "2024-10-18")):
        await stage.post(f"/v1/inspectors/{who}/leaves", {"from": first, "to": last}, **me)
    facts = await published(stage, "TeamAssigned", one)
    assert [fact["members"][0]["leaves"] for fact in facts] == [[], [], [{"first": "2024-10-08", "last": "2024-10-18"}]]
    assert {fact["members"][0]["certificate_to"] for fact in facts} == {"2026-06-30"}
    entry = await stage.get(f"/v1/inspectors/{who}", **me)
    renewed = {name: value for name, value in entry.items() if name not in ("inspector_id", "version")}
    answer = await stage.world.sampling.put(
        f"/v1/inspectors/{who}", renewed | {"certificate_to": "2024-09-30"}, version=entry["version"], **me
    )
    assert answer.status_code == 200, answer.text
    again = (await published(stage, "TeamAssigned", one))[-1]
    assert (again["members"][0]["certificate_to"], again["draw_id"], len(again["members"])) == (
        "2024-09-30",
        facts[0]["draw_id"],
        2,
    )


async def test_a_successor_is_eligible_on_the_day_of_the_visit(stage: Stage) -> None:
    await stage.released()
    await stage.matched("3501")
    one = (await stage.assignments(**stage.city("3501")))[0]
    team = [member["inspector_id"] for member in one["team"]]
    away = [f"FJ3501{number:02d}" for number in range(8) if f"FJ3501{number:02d}" not in team][:5]
    for who in away:
        await stage.post(f"/v1/inspectors/{who}/leaves", {"from": "2024-10-15", "to": "2024-10-15"}, **stage.city("3501"))
    wanted = {"inspector_id": team[1], "reason": "leave", "inspection_on": "2024-10-15"}
    path = f"/v1/assignments/{one['id']}/member-replacements"
    asked = await stage.post(path, wanted, expect=201, **stage.city("3501"))
    decided = await stage.post(f"/v1/replacements/{asked['id']}/decision", {"accepted": True}, **stage.second)
    await stage.run(decided["draw_id"], "3501")
    exclusions = (await stage.get(f"/v1/draws/{decided['draw_id']}/transcript", **stage.watch))["exclusions"]
    assert {each["inspector"] for each in exclusions if each["reason"] == "ON_LEAVE"} == set(away)
