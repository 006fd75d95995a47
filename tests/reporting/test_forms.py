"""Annex 3, Annex 4 and the ledger, as pages and as workbooks."""

import io
from datetime import date
from typing import Any

import openpyxl
from sqlalchemy import text

from services.reporting.rules.reference_data import document
from shared.database.session import reading
from shared.events.cases import CaseNotFiled, QualificationMatterReturned
from shared.testing.world import World
from shared.vocabulary import InspectionResult, Role
from tests.reporting.story import (
    BODY,
    CABLE,
    CAMPAIGN,
    CASE,
    FORGED,
    LABEL,
    TOY,
    campaign_published,
    case_events,
    completed,
    id_of,
    released,
    team_of,
    upward,
)

BASE = f"/v1/campaigns/{CAMPAIGN}"


async def rows(world: World, path: str, **how: Any) -> list[dict[str, Any]]:
    how = {"as_": Role.CITY_LEAD, "org": "3501"} | how
    answer = await world.reporting.get(f"{BASE}/{path}", **how)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_annex_3_has_a_row_for_each_object_inspected_in_the_round(replicated: World) -> None:
    interim = await rows(replicated, "annex-3?round=interim")
    assert [(row["no"], row["object_name"]) for row in interim] == [(1, CABLE.name), (2, TOY.name)]
    replicated.on("2024-12-02")
    final = await rows(replicated, "annex-3?round=final")
    assert len(final) == 3
    assert [row["remark"] for row in final if row["object_name"] == CABLE.name] == ["已列入阶段报告"]


async def test_a_row_of_annex_3_shows_the_whole_way_from_finding_to_case(replicated: World) -> None:
    row = (await rows(replicated, "annex-3?round=interim"))[0]
    assert list(row)[:25] == [item["key"] for item in document("annex3")["items"]]
    assert row["city"] == "福州市"
    assert row["county"] == "鼓楼区"
    assert row["product"] == "电线（BV-1、BV-2）"
    assert row["inspectors"] == "检查员1（35010001）、检查员2（35010002）"
    assert {line.partition(". ")[2] for line in row["problems"].splitlines()} == {"标签与证书不符", "涉嫌伪造认证标志"}
    assert set(row["measures"].split("、")) == {"责令改正", "指导帮扶", "案件线索", "立案", "移送"}
    assert (row["due_on"], row["corrected_on"], row["recheck"]) == ("2024-09-30", "2024-10-08", "合格")
    assert (row["case_filed"], row["annex4_no"]) == ("是", 1)


async def test_annex_4_shows_the_case_as_of_the_cut_off(replicated: World) -> None:
    (interim,) = await rows(replicated, "annex-4?round=interim")
    assert interim["case_id"] == str(CASE)
    assert (interim["status"], interim["closed_on"]) == ("公示", None)
    assert interim["penalties"] == "罚款10000.50元、没收非法财物"
    assert interim["police"] == "是，2024-09-25移送，公安立案（2024-09-28）"
    replicated.on("2024-12-02")
    (final,) = await rows(replicated, "annex-4?round=final")
    assert (final["status"], final["closed_on"]) == ("结案", "2024-11-08")


async def test_annex_4_shows_a_clue_that_was_not_filed(world: World) -> None:
    referred = case_events()[0]
    not_filed = CaseNotFiled(**FORGED.ids(), case_id=CASE, ground="first_time", decided_on=date(2024, 9, 20))
    inspected = [team_of(CABLE), completed(CABLE, InspectionResult.ISSUE_PENDING), FORGED.confirmed()]
    await world.publish(campaign_published(), *released(), *inspected, referred, not_filed, twice=True)
    world.on("2024-10-25")
    (row,) = await rows(world, "annex-4?round=interim")
    assert (row["case_id"], row["status"]) == (str(CASE), "不予立案")


async def test_the_province_sees_all_cities_merged_and_pages_lose_no_row(replicated: World) -> None:
    province = {"as_": Role.PROV_ADMIN, "org": "35"}
    everything = await rows(replicated, "annex-3?round=interim", **province)
    assert [row["city"] for row in everything] == ["福州市", "福州市", "厦门市"]
    paged, cursor = [], ""
    while True:
        answer = (await replicated.reporting.get(f"{BASE}/annex-3?round=interim&limit=1{cursor}", **province)).json()
        paged += answer["items"]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert paged == everything


async def test_a_city_asking_for_another_finds_nothing_and_the_attempt_is_audited(replicated: World) -> None:
    for path in ("annex-3", "annex-4", "ledger", "annex-3.xlsx"):
        answer = await replicated.reporting.get(f"{BASE}/{path}?city=3502", as_=Role.CITY_LEAD, org="3501")
        assert answer.status_code == 404
    async with reading(replicated.reporting.database) as session:
        count = await session.execute(text("SELECT count(*) FROM audit_log WHERE action = 'access.denied'"))
    assert count.scalar_one() == 4


async def test_a_county_sees_its_own_objects_and_pingtan_is_not_part_of_fuzhou(replicated: World) -> None:
    county = await rows(replicated, "annex-3?round=interim", as_=Role.COUNTY_LEAD, org="350103")
    assert [row["object_name"] for row in county] == [TOY.name]
    replicated.on("2024-12-02")
    fuzhou = await rows(replicated, "annex-3?round=final")
    assert {row["city"] for row in fuzhou} == {"福州市"}
    pingtan = await rows(replicated, "annex-3?round=final", as_=Role.CITY_LEAD, org="350128")
    assert [row["object_name"] for row in pingtan] == ["平潭头盔店"]


async def test_an_object_contact_may_not_read_the_annexes(replicated: World) -> None:
    answer = await replicated.reporting.get(f"{BASE}/annex-3", as_=Role.OBJECT_CONTACT, org=CABLE.uscc)
    assert answer.status_code == 403


async def test_the_ledger_has_one_row_a_finding_and_keeps_every_step(replicated: World) -> None:
    ledger = {row["finding_id"]: row for row in await rows(replicated, "ledger")}
    assert len(ledger) == 3
    assert (ledger[str(LABEL.id)]["status"], ledger[str(LABEL.id)]["closed_on"]) == ("已销号", "2024-10-08")
    assert ledger[str(LABEL.id)]["days_overdue"] == 8
    assert ledger[str(FORGED.id)]["status"] == "立案查处中"
    finding = (await replicated.reporting.get(f"/v1/findings/{FORGED.id}", as_=Role.CITY_LEAD, org="3501")).json()
    steps = ["FindingConfirmed", "CaseReferred", "CaseFiled", "CaseDecided", "CasePublished"]
    assert sorted(step["kind"] for step in finding["history"]) == sorted(
        [*steps, "CriminalTransferSent", "CriminalTransferAnswered", "CaseClosed"]
    )
    hidden = await replicated.reporting.get(f"/v1/findings/{FORGED.id}", as_=Role.CITY_LEAD, org="3502")
    assert hidden.status_code == 404


async def test_a_returned_matter_counts_as_reported_only_when_it_is_reported_again(world: World) -> None:
    (submitted, *_), ids = upward(), {**BODY.ids(), "matter_id": id_of("matter")}
    returned = QualificationMatterReturned(**ids, ground="事实不清", returned_on=date(2024, 9, 27))
    await world.publish(campaign_published(), BODY.confirmed(), submitted, returned, twice=True)
    world.on("2024-09-30")
    (row,) = await rows(world, "ledger", org="3502")
    assert row["status"] != "已上报"
    await world.publish(submitted)
    (again,) = await rows(world, "ledger", org="3502")
    assert again["status"] == "已上报"


async def test_the_pages_of_the_ledger_follow_each_other(replicated: World) -> None:
    province = {"as_": Role.PROV_ADMIN, "org": "35"}
    everything = [row["finding_id"] for row in await rows(replicated, "ledger", **province)]
    first = (await replicated.reporting.get(f"{BASE}/ledger?limit=2", **province)).json()
    second = (await replicated.reporting.get(f"{BASE}/ledger?limit=200&cursor={first['next']}", **province)).json()
    assert [row["finding_id"] for row in (*first["items"], *second["items"])] == everything
    assert len(everything) == 5


async def book(world: World, path: str) -> Any:
    answer = await world.reporting.get(f"{BASE}/{path}", as_=Role.CITY_LEAD, org="3501")
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content)).active


async def test_the_workbook_looks_like_the_form(replicated: World) -> None:
    sheet = await book(replicated, "annex-3.xlsx?round=interim")
    assert [cell.value for cell in sheet[5]] == [item["title_zh"] for item in document("annex3")["items"]]
    assert (sheet["A1"].value, sheet["A2"].value) == ("附件3", "获证组织监督检查结果汇总表（阶段报告）")
    assert "福州市市场监督管理局" in sheet["A3"].value
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$5"
    assert sheet.print_area.endswith("$A$1:$Y$9")
    assert {"A2:Y2", "A3:Y3", "A4:F4"} <= {str(cells) for cells in sheet.merged_cells.ranges}


async def test_the_ledger_is_a_workbook_too(replicated: World) -> None:
    sheet = await book(replicated, "ledger.xlsx")
    assert [cell.value for cell in sheet[5]] == [item["title_zh"] for item in document("ledger")["items"]]
    assert sheet.max_row == 10


async def test_codes_are_text_days_are_days_and_money_is_yuan(replicated: World) -> None:
    sheet = await book(replicated, "annex-3.xlsx?round=interim")
    number, day = sheet["I6"], sheet["L6"]
    assert (number.value, number.number_format, number.data_type) == ("2022010105000001", "@", "s")
    assert (day.is_date, str(day.value)[:10]) == (True, "2024-09-10")
    fines = (await book(replicated, "annex-4.xlsx?round=interim"))["P6"]
    assert (fines.value, fines.number_format) == (10000.5, "#,##0.00")


async def test_a_name_that_begins_like_a_formula_stays_a_name(replicated: World) -> None:
    sheet = await book(replicated, "annex-3.xlsx?round=interim")
    cell = sheet["D7"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (TOY.name, "s", True)
    assert cell.hyperlink is None


async def test_an_export_is_audited_and_names_who_exported_it(replicated: World) -> None:
    sheet = await book(replicated, "annex-3.xlsx?round=interim")
    assert "city_lead-3501" in sheet.oddFooter.left.text
    async with reading(replicated.reporting.database) as session:
        row = (await session.execute(text("SELECT subject, details FROM audit_log WHERE action = 'annex3.exported'"))).one()
    assert row.subject == "city_lead-3501"
    assert row.details["rows"] == 2
    assert row.details["export"] in sheet.oddFooter.left.text


async def test_an_unknown_campaign_is_not_found(replicated: World) -> None:
    answer = await replicated.reporting.get(f"/v1/campaigns/{CASE}/annex-3", as_=Role.PROV_ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (404, "campaign-not-found")
