"""The board, explanations, feed and grants: the same in every service, within the jurisdiction, by role."""

import json
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from shared.deadlines.verifiers.verify_date import verify
from shared.testing.world import World
from shared.vocabulary import Role
from tests.cases.acting import LEAD, OFFICER, Acting
from tests.cases.builders import FUZHOU
from tests.shared.deadline_records.records import a_case, record

XIAMEN = FUZHOU.model_copy(update={"uscc": "91350200MA00000254", "city": "3502", "county": "350203"})
HEAD: dict[str, Any] = {"as_": LEAD, "org": "3501"}
FILING_TERM = {"approver": "agency_head", "document": "延期审批表〔2024〕1号"}


@pytest.fixture
def services() -> tuple[str, ...]:
    return ("cases",)


@pytest.fixture
async def case(world: World) -> Acting:
    world.on("2024-09-09")
    return await a_case(world)


async def path(world: World, code: str) -> str:
    return f"/v1/deadlines/{(await record(world.cases.database, code))['id']}"


async def board(world: World, query: str = "", **how: Any) -> list[dict[str, Any]]:
    found = await world.cases.get(f"/v1/deadlines{query}", **(HEAD | how))
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items


async def test_the_board_shows_what_is_due_first_and_only_the_own_jurisdiction(world: World, case: Acting) -> None:
    await a_case(world, object=XIAMEN)
    mine = await board(world)
    assert [row["code"] for row in mine] == ["K05", "K33"]
    assert {(row["office"], row["city"]) for row in mine} == {("3501", "3501")}
    assert mine[0]["subject_no"].startswith("XS-3501-2024-")
    assert mine[0]["name_zh"] == "发现线索至核查并决定是否立案"
    assert len(await board(world, as_=Role.PROV_ADMIN, org="35")) == 4
    assert await board(world, as_=Role.COUNTY_LEAD, org="350203") != []
    other = (await world.cases.get(await path(world, "K05"), **HEAD)).status_code
    assert other == 404  # the newest is that of Xiamen


async def test_the_board_is_read_in_pages_and_by_filters(world: World, case: Acting) -> None:
    first = (await world.cases.get("/v1/deadlines?limit=1", **HEAD)).json()
    second = (await world.cases.get(f"/v1/deadlines?limit=1&cursor={first['next']}", **HEAD)).json()
    assert [first["items"][0]["code"], second["items"][0]["code"], second["next"]] == ["K05", "K33", None]
    assert [row["code"] for row in await board(world, "?due_to=2024-10-31")] == ["K05"]
    assert [row["code"] for row in await board(world, "?code=K33")] == ["K33"]
    assert await board(world, "?state=overdue") == []
    assert await board(world, "?office=3502") == []
    world.on("2024-10-08")
    await world.pass_time()
    assert [row["code"] for row in await board(world, "?state=overdue")] == ["K05"]


async def test_a_date_is_explained_as_json_and_as_text_in_two_languages_and_as_a_chart(world: World, case: Acting) -> None:
    where = await path(world, "K05")
    document = (await world.cases.get(f"{where}/explanation", **HEAD)).json()
    assert "due 届满 2024-09-30" in verify(json.dumps(document, ensure_ascii=False).encode())
    for language, phrase in (("zh", "最后一日为2024-09-30"), ("en", "the last day is 2024-09-30")):
        headers = {"Accept": "text/plain", "Accept-Language": language}
        assert phrase in (await world.cases.get(f"{where}/explanation", headers=headers, **HEAD)).text
    assert ET.fromstring((await world.cases.get(f"{where}/chart", **HEAD)).text).tag.endswith("svg")


async def test_the_feed_is_a_calendar_that_calendar_programs_read(world: World, case: Acting) -> None:
    answer = await world.cases.get("/v1/deadlines/feed", **HEAD)
    assert answer.headers["content-type"].startswith("text/calendar")
    events = [row for row in Calendar.from_ical(answer.content).walk("VEVENT") if "K05" in str(row["summary"])]
    assert [row.decoded("dtstart") for row in events] == [date(2024, 9, 30)]
    assert str(events[0]["uid"]).endswith("@deadlines.ccc")


async def test_a_head_extends_and_the_history_says_who_when_and_by_which_document(world: World, case: Acting) -> None:
    where = await path(world, "K05")
    extended = await world.cases.post(f"{where}/extension", FILING_TERM, sub="head-1", **HEAD)
    assert extended.json()["due_on"] == "2024-10-25"
    history = (await world.cases.get(f"{where}/history", **HEAD)).json()["items"]
    assert [row["act"] for row in history] == ["opened", "extended"]
    assert (history[1]["by_subject"], history[1]["due_on"]) == ("head-1", "2024-10-25")
    assert history[1]["content"] == {"before": "2024-09-30", "document": "延期审批表〔2024〕1号"}
    again = await world.cases.post(f"{where}/extension", FILING_TERM, **HEAD)
    assert (again.status_code, again.json()["code"]) == (422, "invalid-extension")


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"as_": OFFICER, "org": "3501"}, 403, "forbidden"),
        ({"as_": LEAD, "org": "3502"}, 404, "deadline-not-found"),
        ({"as_": Role.PROV_ADMIN, "org": "35"}, 403, "granter-not-entitled"),
    ],
)
async def test_who_may_not_extend_changes_nothing(
    world: World, case: Acting, how: dict[str, Any], status: int, code: str
) -> None:
    where = await path(world, "K05")
    response = await world.cases.post(f"{where}/extension", FILING_TERM, **how)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert (await record(world.cases.database, "K05"))["due_on"] == date(2024, 9, 30)


async def test_who_handles_the_case_may_not_grant_time_in_it(world: World, case: Acting) -> None:
    await case.until("investigation")
    where = await path(world, "K15")
    response = await world.cases.post(f"{where}/extension", FILING_TERM, sub="u1", **HEAD)
    assert response.json()["code"] == "granter-not-entitled"
    assert (await world.cases.post(f"{where}/extension", FILING_TERM, sub="u9", **HEAD)).status_code == 200


async def test_testing_does_not_count_and_a_paused_deadline_warns_nobody(world: World, case: Acting) -> None:
    where = await path(world, "K05")
    world.on("2024-09-11")
    paused = await world.cases.post(f"{where}/pause", {"ground": "testing", "document": "检字〔2024〕7号"}, **HEAD)
    assert (paused.json()["state"], paused.json()["due_on"]) == ("paused", None)
    unknown = await world.cases.post(f"{where}/pause", {"ground": "litigation", "document": "x"}, **HEAD)
    assert unknown.json()["code"] == "invalid-pause"
    assert unknown.json()["errors"][0]["pointer"] == "/ground"
    world.on("2024-09-23")
    await world.pass_time()
    assert (await record(world.cases.database, "K05"))["warned"] == []
    resumed = await world.cases.post(f"{where}/resumption", {"document": "检验报告"}, **HEAD)
    assert resumed.json()["due_on"] == "2024-10-15"
    twice = await world.cases.post(f"{where}/resumption", {"document": "检验报告"}, **HEAD)
    assert twice.json()["code"] == "deadline-not-paused"


async def test_a_waived_deadline_is_over(world: World, case: Acting) -> None:
    where = await path(world, "K33")
    waiver = {"ground": "案件已并案处理", "document": "并案决定"}
    assert (await world.cases.post(f"{where}/waiver", waiver, **HEAD)).json()["state"] == "waived"
    assert (await world.cases.post(f"{where}/waiver", waiver, **HEAD)).json()["code"] == "deadline-is-closed"
    world.on("2026-11-01")
    await world.pass_time()
    assert (await record(world.cases.database, "K33"))["warned"] == []
