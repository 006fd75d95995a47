"""The deadlines of sampling, inspection, registry and reporting; and that every rule of the table has an act that opens it."""

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
from tests.shared.deadline_records.lifecycle import reaches_its_end
from tests.shared.deadline_records.records import published, record
from tests.shared.deadline_records.test_lifecycle_cases import OF_TRANSFERS, OPENED

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


def test_every_rule_of_the_table_is_opened_by_an_act_and_tested_here() -> None:
    assert set(OPENED) | set(OF_TRANSFERS) | ELSEWHERE == set(deadlines.dataset().rules)
    steps = [machine(name).transition(event) for name in (CASE, TRANSFER) for event in machine(name).events()]
    assert {code for step in steps for code in step.starts_clocks} >= set(OPENED) - {"K06", "K21/cross_send"}


@pytest.mark.parametrize("services", [("sampling",)])
async def test_objects_that_are_not_matched_in_two_days(world: World, services: tuple[str, ...]) -> None:
    await world.publish(*province())
    stage = Stage(world)
    await stage.campaign_published()
    await stage.staff("3501")
    await stage.released()
    deadline = await record(world.sampling.database, "K01")
    assignment = next(row for row in await stage.assignments() if row["id"] == str(deadline["subject_id"]))
    assert assignment["match_due_on"] == deadline["due_on"].isoformat()
    await reaches_its_end(world, world.sampling, "K01")


@pytest.mark.parametrize("services", [("inspection",)])
async def test_a_notice_and_a_result_that_do_not_come(world: World, services: tuple[str, ...]) -> None:
    visit = await Visit.assigned(world)
    ok(await visit.schedule())
    await reaches_its_end(world, world.inspection, "K02")


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
    await reaches_its_end(world, world.inspection, code)


@pytest.mark.parametrize("services", [("registry",)])
async def test_a_certificate_that_nobody_renews(world: World, services: tuple[str, ...]) -> None:
    await imported(world, row())
    deadline = await record(world.registry.database, "K34")
    assert (deadline["subject_no"], str(deadline["due_on"])) == (NUMBER, "2027-03-01")
    await reaches_its_end(world, world.registry, "K34")


@pytest.mark.parametrize("services", [("registry",)])
async def test_a_sampling_result_that_nobody_objects_to(world: World, services: tuple[str, ...]) -> None:
    await imported(world, FAILURE, query="kind=sampling-failures&year=2024")
    deadline = await record(world.registry.database, "K36")
    path = f"/v1/sampling-failures/{deadline['subject_id']}/objection"
    elsewhere = await world.registry.post(path, {"document": "复检申请"}, as_=Role.CITY_LEAD, org="3502")
    assert elsewhere.status_code == 404
    await reaches_its_end(world, world.registry, "K36")
    late = await world.registry.post(path, {"document": "复检申请"}, as_=Role.CITY_LEAD, org="3501")
    assert late.json()["code"] == "act-too-late"


@pytest.mark.parametrize("services", [("reporting",)])
async def test_a_city_that_reports_late_is_notified_upward_and_counted(world: World, services: tuple[str, ...]) -> None:
    world.on("2024-09-02")
    await world.publish(*whole_story())
    deadline = await record(world.reporting.database, "K04")
    assert deadline["subject_kind"] == "summary"
    world.on("2024-10-31")
    await world.pass_time()
    await submitted(world, "3501")
    await world.settle()
    closed = [row for event in await published(world.reporting.database, "OverdueDeadlinesClosed") for row in event["deadlines"]]
    assert [(row["code"], row["state"], row["city"]) for row in closed] == [("K04", "met", "3501")]
    path = f"/v1/campaigns/{deadline['campaign_id']}/assessment?round=final"
    found = (await world.reporting.get(path, as_=Role.PROV_ADMIN, org="35")).json()["items"]
    figures = {row["city"]: row["figures"] for row in found}
    assert (figures["3501"]["deadlines_overdue"], figures["3501"]["deadlines_overdue_open"]) == (1, 0), json.dumps(figures)
