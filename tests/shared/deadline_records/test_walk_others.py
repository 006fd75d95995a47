"""The clocks of sampling, inspection, registry and reporting; and that no clock of the table is left without its act."""

import json

import pytest

from services.cases.rules.state_machine import CASE, TRANSFER, machine
from shared import deadlines
from shared.testing.world import World
from shared.vocabulary import Role
from tests.inspection import facts as visits
from tests.inspection.visit import OBJECT, Visit, ok
from tests.registry.sheet_files import NUMBER, code, imported, row
from tests.reporting.story import whole_story
from tests.reporting.test_summaries import submitted
from tests.sampling.service.province import Stage, province
from tests.shared.deadline_records.records import record, told
from tests.shared.deadline_records.test_walk_cases import OF_TRANSFERS, OPENED
from tests.shared.deadline_records.walk import end_of

ELSEWHERE = {"K01", "K02", "K03", "K04", "K14", "K18", "K23/short", "K31", "K32", "K34", "K36"}
FAILURE = {
    "抽样单编号": "FJ2024-0001",
    "抽查年度": "2024",
    "企业名称": "福州模拟电缆有限公司",
    "统一社会信用代码": code(1),
    "行政区划代码": "350102",
    "地址": "鼓楼区模拟路1号",
    "产品名称": "电线组件",
    "不合格项目": "绝缘厚度",
    "企业类型": "生产企业",
    "报告日期": "2024-08-01",
}


def test_every_clock_of_the_table_is_opened_by_an_act_and_walked_here() -> None:
    assert set(OPENED) | set(OF_TRANSFERS) | ELSEWHERE == set(deadlines.book().rules)
    steps = [machine(name).step(event) for name in (CASE, TRANSFER) for event in machine(name).events()]
    assert {code for step in steps for code in step.starts_clocks} >= set(OPENED) - {"K06", "K21/cross_send"}


@pytest.mark.parametrize("services", [("sampling",)])
async def test_objects_that_are_not_matched_in_two_days(world: World, services: tuple[str, ...]) -> None:
    await world.publish(*province())
    stage = Stage(world)
    await stage.campaign_published()
    await stage.staff("3501")
    await stage.released()
    kept = await record(world.sampling.database, "K01")
    shown = next(one for one in await stage.assignments() if one["id"] == str(kept["subject_id"]))
    assert shown["match_due_on"] == kept["due_on"].isoformat()
    await end_of(world, world.sampling, "K01")


@pytest.mark.parametrize("services", [("inspection",)])
async def test_a_notice_and_a_result_that_do_not_come(world: World, services: tuple[str, ...]) -> None:
    visit = await Visit.assigned(world)
    ok(await visit.schedule())
    await end_of(world, world.inspection, "K02")


@pytest.mark.parametrize("services", [("inspection",)])
@pytest.mark.parametrize("code", ["K03", "K31", "K32"])
async def test_a_term_of_an_inspection(world: World, services: tuple[str, ...], code: str) -> None:
    visit = await Visit.signed(world, findings=[{}], C09="NONCONFORM")
    if code != "K03":
        ok(await visit.submit("ISSUE_CORRECTED"))
        ok(await visit.review())
    if code == "K32":
        found = ok(await world.inspection.get("/v1/rectifications", **OBJECT))["items"][0]
        ok(await world.inspection.post(f"/v1/rectifications/{found['id']}/report", {"report": "已改正"}, **OBJECT))
    assert (await record(world.inspection.database, code))["campaign_id"] == visits.CAMPAIGN
    await end_of(world, world.inspection, code)


@pytest.mark.parametrize("services", [("registry",)])
async def test_a_certificate_that_nobody_renews(world: World, services: tuple[str, ...]) -> None:
    await imported(world, row())
    kept = await record(world.registry.database, "K34")
    assert (kept["subject_no"], str(kept["due_on"])) == (NUMBER, "2027-03-01")
    await end_of(world, world.registry, "K34")


@pytest.mark.parametrize("services", [("registry",)])
async def test_a_sampling_result_that_nobody_objects_to(world: World, services: tuple[str, ...]) -> None:
    await imported(world, FAILURE, query="kind=sampling-failures&year=2024")
    kept = await record(world.registry.database, "K36")
    path = f"/v1/sampling-failures/{kept['subject_id']}/objection"
    strange = await world.registry.post(path, {"document": "复检申请"}, as_=Role.CITY_LEAD, org="3502")
    assert strange.status_code == 404
    await end_of(world, world.registry, "K36")
    late = await world.registry.post(path, {"document": "复检申请"}, as_=Role.CITY_LEAD, org="3501")
    assert late.json()["code"] == "act-too-late"


@pytest.mark.parametrize("services", [("reporting",)])
async def test_a_city_that_reports_late_is_told_upward_and_counted(world: World, services: tuple[str, ...]) -> None:
    world.on("2024-09-02")
    await world.publish(*whole_story())
    kept = await record(world.reporting.database, "K04")
    assert kept["subject_kind"] == "summary"
    world.on("2024-10-31")
    await world.pass_time()
    await submitted(world, "3501")
    await world.settle()
    closed = [one for fact in await told(world.reporting.database, "OverdueDeadlinesClosed") for one in fact["deadlines"]]
    assert [(one["code"], one["state"], one["city"]) for one in closed] == [("K04", "met", "3501")]
    path = f"/v1/campaigns/{kept['campaign_id']}/assessment?round=final"
    found = (await world.reporting.get(path, as_=Role.PROV_ADMIN, org="35")).json()["items"]
    figures = {one["city"]: one["figures"] for one in found}
    assert (figures["3501"]["deadlines_overdue"], figures["3501"]["deadlines_overdue_open"]) == (1, 0), json.dumps(figures)
