"""The clocks of a case and why they end when they end."""

import xml.etree.ElementTree as ET

import pytest

from shared.testing.world import World
from shared.vocabulary import DeadlineState, Role
from tests.cases.acting import LEAD, OFFICER, Acting, the_case
from tests.cases.builders import a_finding


@pytest.fixture
async def case(world: World) -> Acting:
    world.on("2024-09-09")
    finding = a_finding()
    await world.publish(finding)
    return await the_case(world, finding.finding_id)


async def clock(case: Acting, code: str) -> dict[str, str | None]:
    shown = (await case.client.get(f"{case.path}/deadlines", as_=OFFICER, org="3501")).json()
    return next(each for each in shown if each["code"] == code)


async def test_filing_is_due_after_fifteen_working_days_and_late_after_them(world: World, case: Acting) -> None:
    assert (await clock(case, "K05"))["due_on"] == "2024-09-30"
    late = "/v1/cases?overdue_on=2024-10-01"
    assert len((await world.cases.get(late, as_=Role.PROV_SUPERVISOR)).json()["items"]) == 1
    world.on("2024-10-08")
    await world.pass_time()
    assert (await clock(case, "K05"))["state"] == DeadlineState.OVERDUE
    await case.must("non-filing", LEAD, {"ground": "minor", "explanation": "轻微"})
    met = await clock(case, "K05")
    assert met["state"] == DeadlineState.MET
    assert met["late"]
    assert (await world.cases.get(late, as_=Role.PROV_SUPERVISOR)).json()["items"] == []


async def test_the_head_extends_once_by_fifteen_working_days(case: Acting) -> None:
    granted = {"approver": "agency_head", "document": "延期审批表", "amount": 15}
    await case.must("deadlines/K05/extension", LEAD, granted)
    assert (await clock(case, "K05"))["due_on"] == "2024-10-25"
    refused = await case("deadlines/K05/extension", LEAD, granted)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-extension")
    assert (await case("deadlines/K16/extension", LEAD, granted)).json()["code"] == "deadline-not-found"


async def test_the_decision_clock_stands_still_while_the_investigation_is_suspended(world: World, case: Acting) -> None:
    await case.until("investigation-end")
    assert (await clock(case, "K15"))["due_on"] == "2024-12-09"
    world.on("2024-09-18")
    await case.must("suspension", LEAD, {"explanation": "等待检验", "clock_ground": "testing"})
    held = await clock(case, "K15")
    assert (held["due_on"], held["state"]) == (None, DeadlineState.PAUSED)
    world.on("2024-09-28")
    await case.must("resumption", LEAD, {"explanation": "检验完成"})
    assert (await clock(case, "K15"))["due_on"] == "2024-12-18"


async def test_the_term_to_pay_is_met_only_by_the_whole_sum(case: Acting) -> None:
    await case.until("")
    await case.must("service", OFFICER, {"receipt": "送达回证", "method": "direct"})
    assert (await clock(case, "K21"))["due_on"] == "2024-10-12"
    await case.must("publication", OFFICER, {"platform": "国家企业信用信息公示系统"})
    await case.must("execution", OFFICER)
    await case.must("payment", OFFICER, {"amount_fen": 1})
    assert (await clock(case, "K17"))["state"] == DeadlineState.RUNNING
    await case.must("payment", OFFICER, {"amount_fen": 4_999_999})
    assert (await clock(case, "K17"))["state"] == DeadlineState.MET


async def test_a_date_is_explained_and_drawn(case: Acting) -> None:
    where = f"{case.path}/deadlines/K05"
    explained = (await case.client.get(f"{where}/explanation", as_=OFFICER, org="3501")).json()
    assert (explained["format"], explained["result"]["due_day"]) == ("ccc-date/1", "2024-09-30")
    drawn = await case.client.get(f"{where}/picture", as_=OFFICER, org="3501", params={"lang": "en"})
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert ET.fromstring(drawn.text).tag.endswith("svg")
    assert (await case.client.get(f"{where}/picture", as_=OFFICER, org="3502")).status_code == 404
