"""Imports of single rows and of broken files."""

import asyncio
import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from services.registry.rules.validation_rules import limit
from services.registry.service import imports
from services.registry.service.imports import certificates
from services.registry.service.imports.worker import MAX_ATTEMPTS
from shared.testing.world import World
from shared.vocabulary import Role
from tests.registry.sheet_files import CSV, NUMBER, XLSX, code, imported, issues_of, row, run_of, send, sheet

BREAKS: list[tuple[dict[str, str], set[str]]] = [
    ({"证书编号": "202201010100001"}, {"V1"}),
    ({"证书编号": "199901010100001X"}, {"V1"}),
    ({"证书编号": "1999010101000001"}, {"V2", "V6"}),
    ({"证书编号": "2022990101000001"}, {"V3"}),
    ({"证书编号": "2022010001000001", "产品类别代码": ""}, {"V4"}),
    ({"产品类别代码": "0104"}, {"V5"}),
    ({"首次发证日期": "2021-03-01"}, {"V6"}),
    ({"证书到期日期": "2027-03-02"}, {"V7"}),
    ({"证书到期日期": "2021-03-01"}, {"EXPIRY_BEFORE_ISSUE"}),
    ({"发证日期": "2024-08-06", "证书到期日期": "2029-08-01"}, {"ISSUED_IN_FUTURE"}),
    ({"认证委托人统一社会信用代码": "91350100MA00000150"}, {"USCC_INVALID"}),
    ({"认证委托人统一社会信用代码": "9135 0100MA00000155"}, {"USCC_INVALID"}),
    ({"认证委托人行政区划代码": "350199"}, {"DIVISION_UNKNOWN"}),
    ({"认证委托人行政区划代码": "440100"}, {"OUT_OF_PROVINCE"}),
    ({"认证委托人行政区划代码": "350527"}, {"OUT_OF_PROVINCE"}),
    ({"产品名称": "电线\x07组件"}, {"CONTROL_CHARACTER"}),
    ({"产品名称": "电线\u202e组件"}, {"CONTROL_CHARACTER"}),
    ({"产品名称": "电" * 401}, {"TOO_LONG"}),
    ({"产品类别代码": "01A1"}, {"DIGITS_INVALID"}),
    ({"证书版本": "０１"}, {"FULL_WIDTH_DIGITS"}),
    ({"证书状态": "作废"}, {"STATUS_UNKNOWN"}),
    ({"认证委托人名称": "\u3000"}, {"HOLDER_NAME_MISSING"}),
]


async def test_each_row_is_reported_with_the_rules_it_breaks_and_spoils_no_other(world: World) -> None:
    rows = [row(证书编号=f"20220101010001{place:02d}") | changes for place, (changes, _) in enumerate(BREAKS)]
    run = await imported(world, *rows, row())
    found = await issues_of(world, run)
    for line, (changes, codes) in enumerate(BREAKS, start=2):
        assert {code for at, code in found if at == line} == codes, changes
    assert (await world.registry.get(f"/v1/certificates/{NUMBER}", as_=Role.PROV_ADMIN)).status_code == 200


async def test_official_days_and_brackets_are_read(world: World) -> None:
    await imported(world, row(证书编号=f"{NUMBER}（03）", 发证日期="2022年3月1日", 证书版本="", 证书到期日期="2027/3/1"))
    found = (await world.registry.get(f"/v1/certificates/{NUMBER}", as_=Role.PROV_ADMIN)).json()
    assert (found["edition"], found["issued_on"], found["expires_on"]) == ("03", "2022-03-01", "2027-03-01")


async def test_an_early_number_is_let_in_only_when_asked(world: World) -> None:
    early = sheet(row(证书编号="200201010100"))
    assert (await run_of(world, await send(world, early)))["rows_rejected"] == 1
    run = await run_of(world, await send(world, early, "kind=certificates&legacy=true"))
    assert (run["rows_new"], await issues_of(world, run)) == (1, [(2, "V1L")])


async def test_the_inspected_enterprise_is_the_factory_in_the_province(world: World) -> None:
    elsewhere = {"认证委托人行政区划代码": "440100", "认证委托人统一社会信用代码": code(1, "440100")}
    factory = {"生产企业名称": "厦门模拟工厂", "生产企业统一社会信用代码": code(2), "生产企业行政区划代码": "350203"}
    await imported(world, row(**elsewhere, **factory))
    found = (await world.registry.get(f"/v1/certificates/{NUMBER}", as_=Role.CITY_LEAD, org="3502")).json()
    assert (found["enterprise_uscc"], found["city"], found["county"]) == (code(2), "3502", "350203")


async def test_a_retired_division_leads_to_its_successor(world: World) -> None:
    await imported(world, row(认证委托人行政区划代码="350182"))
    found = (await world.registry.get(f"/v1/enterprises/{code(1)}", as_=Role.PROV_ADMIN)).json()
    assert (found["division"], found["city"]) == ("350112", "3501")


async def test_one_number_twice_in_a_file_stays_the_first_ones(world: World) -> None:
    run = await imported(world, row(), row(), row(产品名称="另一产品"))
    assert (run["rows_new"], run["rows_duplicated"], run["rows_rejected"]) == (1, 1, 1)
    assert await issues_of(world, run) == [(4, "DUPLICATE_IN_FILE")]


async def test_a_number_of_another_applicant_is_rejected(world: World) -> None:
    await imported(world, row())
    run = await imported(world, row(认证委托人统一社会信用代码=code(7)))
    assert await issues_of(world, run) == [(2, "HOLDER_CONFLICT")]


async def test_a_newer_export_adds_a_suspension_to_the_history(world: World) -> None:
    await imported(world, row())
    suspended = {"证书状态": "暂停", "状态变化日期": "2024-08-01", "暂停截止日期": "2024-10-31", "信息上报日期": "2024-08-02"}
    run = await imported(world, row(**suspended))
    assert (run["rows_changed"], run["enterprises_changed"]) == (1, 0)
    history = (await world.registry.get(f"/v1/certificates/{NUMBER}/status-events", as_=Role.PROV_ADMIN)).json()["items"]
    assert [(item["change"], item["effective_on"]) for item in history] == [("issue", "2022-03-01"), ("suspend", "2024-08-01")]


async def test_a_revoked_certificate_does_not_come_back(world: World) -> None:
    await imported(world, row(证书状态="撤销", 状态变化日期="2024-07-01"))
    run = await imported(world, row(信息上报日期="2024-08-03"))
    assert await issues_of(world, run) == [(2, "STATUS_TRANSITION")]


async def test_the_export_of_the_next_day_changes_nothing(world: World) -> None:
    await imported(world, row())
    run = await imported(world, row(信息上报日期="2024-08-01"))
    assert (run["rows_unchanged"], run["rows_changed"]) == (1, 0)


def workbook(*, cells: int = 1) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_column(0, 0, ["证书编号"] * cells)
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(64 * 1024 * 1024))
    return file.getvalue()


BROKEN = [
    (b"", CSV, "file-empty"),
    (sheet(row())[:-40], CSV, "file-truncated"),
    (sheet(row(产品名称='"'))[:-30], CSV, "file-truncated"),
    (sheet(row()) + b"\xff\xfe\xff", CSV, "file-encoding"),
    (sheet({"证书编号": NUMBER}), CSV, "headings-missing"),
    (sheet(row(证书号=NUMBER)), CSV, "headings-ambiguous"),
    (b",".join([b"x"] * 201) + b"\n", CSV, "too-many-columns"),
    (b"PK\x03\x04 no workbook", XLSX, "archive-unreadable"),
    (workbook()[:-200], XLSX, "archive-unreadable"),
    (workbook(), XLSX, "headings-missing"),
    (bomb(), XLSX, "archive-suspicious"),
]


async def test_a_broken_file_changes_nothing_and_says_why(world: World) -> None:
    for content, media, reason in BROKEN:
        run = await run_of(world, await send(world, content, media=media))
        assert (run["state"], run["failure"]["code"], run["rows_total"]) == ("failed", reason, 0)
    assert (await world.registry.get("/v1/certificates", as_=Role.PROV_ADMIN)).json()["items"] == []


async def test_a_file_that_breaks_after_a_thousand_rows_leaves_no_report(world: World) -> None:
    rows = [row(证书编号="x") for _ in range(1500)]
    run = await run_of(world, await send(world, sheet(*rows) + b'"open'))
    assert run["failure"]["code"] == "file-truncated"
    assert await issues_of(world, run) == []


async def test_another_media_type_is_rejected(world: World) -> None:
    answer = await send(world, b"%PDF-", media="application/pdf")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-file-type")


async def test_a_workbook_over_the_limit_is_rejected(world: World) -> None:
    answer = await send(world, bytes(limit("xlsx_upload") + 1), media=XLSX)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


async def test_a_list_of_failures_needs_its_year(world: World) -> None:
    answer = await send(world, b"x\n", "kind=sampling-failures")
    assert (answer.status_code, answer.json()["code"]) == (422, "year-required")


async def test_only_the_provincial_administrator_imports(world: World) -> None:
    for role in (Role.CITY_LEAD, Role.PROV_ENFORCEMENT, Role.SYSADMIN):
        assert (await send(world, sheet(row()), as_=role)).status_code == 403


async def test_the_report_is_a_harmless_spreadsheet(world: World) -> None:
    run = await imported(world, row(证书编号="=1+1"))
    report = await world.registry.get(f"/v1/imports/{run['id']}/rejections?format=csv", as_=Role.AUDITOR)
    text = report.content.decode("utf-8-sig")
    assert text.startswith("行号,列名,原值")
    assert "2,证书编号,'=1+1,V1,error,证书编号应为16位数字" in text


async def test_an_import_shows_how_far_it_has_come_and_nothing_of_it_before_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged, go_on = asyncio.Event(), asyncio.Event()
    merge = certificates.merge

    async def paused(*arguments: Any) -> None:
        staged.set()
        await go_on.wait()
        await merge(*arguments)

    monkeypatch.setattr(certificates, "merge", paused)
    sent = (await send(world, sheet(row(), row(证书编号="x")))).json()
    working = asyncio.create_task(imports.drain(world.registry.database))
    await asyncio.wait_for(staged.wait(), 20)
    now = (await world.registry.get(f"/v1/imports/{sent['id']}", as_=Role.PROV_ADMIN)).json()
    assert (sent["state"], now["state"], now["rows_total"], now["rows_rejected"]) == ("received", "checking", 2, 1)
    assert (await world.registry.get("/v1/certificates", as_=Role.PROV_ADMIN)).json()["items"] == []
    go_on.set()
    await working
    assert len((await world.registry.get("/v1/certificates", as_=Role.PROV_ADMIN)).json()["items"]) == 1


async def test_an_import_that_was_cut_off_starts_from_scratch_and_is_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = asyncio.Event()

    async def stuck(*_: object) -> None:
        cut.set()
        await asyncio.Event().wait()

    sent = await send(world, sheet(row(), row(证书编号="x")))
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "merge", stuck)
        working = asyncio.create_task(imports.drain(world.registry.database))
        await asyncio.wait_for(cut.wait(), 20)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    run = await run_of(world, sent)
    assert (run["state"], run["rows_total"], run["rows_rejected"], run["rows_new"]) == ("completed", 2, 1, 1)
    assert await issues_of(world, run) == [(3, "V1")]


async def test_a_file_that_the_platform_fails_on_is_marked_as_failed_and_delays_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("planted")

    sent = await send(world, sheet(row()))
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "merge", broken)
        for _ in range(MAX_ATTEMPTS):
            with pytest.raises(RuntimeError, match="planted"):
                await imports.drain(world.registry.database)
    run = await run_of(world, sent)
    assert (run["state"], run["failure"]["code"], run["rows_new"]) == ("failed", "processing-failed", 0)
    assert (await run_of(world, await send(world, sheet(row()))))["state"] == "completed"


async def test_the_same_file_sent_while_it_waits_is_the_same_import(world: World) -> None:
    first, second = await asyncio.gather(send(world, sheet(row())), send(world, sheet(row())))
    assert {first.status_code, second.status_code} == {202, 200}
    assert first.json()["id"] == second.json()["id"]


async def test_a_key_used_for_another_file_of_the_same_length_is_rejected(world: World) -> None:
    assert (await send(world, sheet(row()), key="file")).status_code == 202
    again = await send(world, sheet(row()), key="file")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    other = await send(world, sheet(row(产品名称="电线组装")), key="file")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
