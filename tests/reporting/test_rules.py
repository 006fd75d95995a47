"""Decisions of reporting without a database."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from services.reporting.documents.summary import printed
from services.reporting.documents.workbook import MAX_CELL, Cover, workbook
from services.reporting.errors import ForbiddenContent, RoundClosed, RoundNotOpen
from services.reporting.rules import disclosures, ledger
from services.reporting.rules.enums import DisclosureKind, Round
from services.reporting.rules.files import CaseFile, FindingFile, LetterFile, MatterFile, RectificationFile
from services.reporting.rules.reference_data import agency, city, document, name_zh, region
from services.reporting.rules.rounds import period
from shared import vocabulary
from shared.core.province import province
from shared.vocabulary import CaseStatus, FindingSeverity, Measure, RespondentType

ID = UUID(int=1)
DAYS = {"window_from": date(2024, 8, 1), "window_to": date(2024, 11, 30), "interim_cutoff_on": date(2024, 10, 25)}
SERVICES = Path(__file__).parents[2] / "services"


def finding(**more: Any) -> FindingFile:
    plain = FindingFile(
        finding_id=ID,
        assignment_id=ID,
        city="3501",
        county="350102",
        uscc="91350102MA00000000",
        object_name="福州电缆厂",
        certificate={},
        focus_point=None,
        respondent_type=RespondentType.OBJECT,
        respondent_name="福州电缆厂",
        violation_type=None,
        severity=FindingSeverity.GENERAL,
        fact="标签不符",
        measures=[],
        confirmed_on=date(2024, 9, 10),
    )
    return replace(plain, **more)


def order(**days: Any) -> RectificationFile:
    return RectificationFile(ID, ID, ordered_on=date(2024, 9, 10), due_on=date(2024, 9, 30), **days)


def case(**more: Any) -> CaseFile:
    return CaseFile(ID, ID, referred_on=date(2024, 9, 12), **more)


def test_the_interim_round_takes_reports_from_the_window_to_the_provinces_own_day() -> None:
    interim = period(Round.INTERIM, DAYS)
    assert (interim.cut_off, interim.city_due_on, interim.province_due_on) == (
        date(2024, 10, 25),
        date(2024, 10, 25),
        date(2024, 11, 8),
    )
    interim.require_open(date(2024, 11, 8), merged=False)
    for today, merged in ((date(2024, 11, 9), False), (date(2024, 10, 25), True)):
        with pytest.raises(RoundClosed):
            interim.require_open(today, merged=merged)


def test_the_final_round_opens_at_the_end_of_the_window() -> None:
    final = period(Round.FINAL, DAYS)
    with pytest.raises(RoundNotOpen):
        final.require_open(date(2024, 11, 29), merged=False)
    final.require_open(date(2024, 11, 30), merged=False)
    assert (final.city_due_on, final.province_due_on) == (date(2024, 12, 13), date(2024, 12, 31))


@pytest.mark.parametrize("which", list(Round))
def test_the_days_of_the_notices_campaign_stand_in_the_data_too(which: Round) -> None:
    (item,) = (item for item in document("rounds")["items"] if item["code"] == which)
    found = period(which, DAYS)
    days = (item["cut_off"], item["city_due_on"], item["province_due_on"])
    assert days == (str(found.cut_off), str(found.city_due_on), str(found.province_due_on))


@pytest.mark.parametrize(
    ("what", "status", "closed_on"),
    [
        (finding(), "closed", date(2024, 9, 10)),
        (finding(severity=FindingSeverity.ADVICE), "advice", date(2024, 9, 10)),
        (finding(measures=[Measure.ORDER_RECTIFY]), "open", None),
        (finding(rectifications=(order(),)), "rectifying", None),
        (finding(rectifications=(order(reported_on=date(2024, 9, 20)),)), "reported", None),
        (finding(rectifications=(order(closed_on=date(2024, 9, 25)),)), "closed", date(2024, 9, 25)),
        (finding(rectifications=(order(failed_on=date(2024, 9, 25)),)), "failed", None),
        (finding(rectifications=(order(failed_on=date(2024, 9, 25)),), cases=(case(),)), "in_case", None),
        (finding(cases=(case(filing_decided_on=date(2024, 9, 20), case_no="1"),)), "in_case", None),
        (finding(cases=(case(filing_decided_on=date(2024, 9, 20)),)), "closed", date(2024, 9, 20)),
        (
            finding(cases=(case(outcome=CaseStatus.TRANSFERRED_JUDICIAL, decided_on=date(2024, 10, 1), case_no="1"),)),
            "closed",
            date(2024, 10, 1),
        ),
        (finding(letters=(LetterFile(ID, ID, sent_on=date(2024, 9, 20)),)), "waiting_for_body", None),
        (
            finding(respondent_type=RespondentType.CERT_BODY, matters=(MatterFile(ID, ID, provincial_on=date(2024, 9, 20)),)),
            "reported_upward",
            None,
        ),
        (finding(respondent_type=RespondentType.CERT_BODY), "open", None),
    ],
)
def test_a_finding_is_closed_when_all_that_followed_has_ended(what: FindingFile, status: str, closed_on: date | None) -> None:
    assert (ledger.status(what), ledger.closed_on(what)) == (status, closed_on)


def test_a_report_as_of_a_day_knows_nothing_of_later_days() -> None:
    done = finding(
        rectifications=(order(reported_on=date(2024, 9, 20), closed_on=date(2024, 9, 25)),),
        cases=(case(filing_decided_on=date(2024, 9, 30), case_no="1", closed_on=date(2024, 11, 1)),),
    )
    assert ledger.status(done) == "closed"
    assert ledger.status(done.as_of(date(2024, 9, 21))) == "in_case"
    assert done.as_of(date(2024, 9, 11)).cases == ()
    assert done.as_of(date(2024, 9, 15)).cases[0].case_no is None
    assert done.as_of(date(2024, 12, 1)) == done


def test_days_overdue_run_until_the_order_ends() -> None:
    assert ledger.days_overdue(finding(rectifications=(order(),)), date(2024, 10, 3)) == 3
    assert ledger.days_overdue(finding(rectifications=(order(closed_on=date(2024, 9, 25)),)), date(2024, 10, 3)) == 0
    assert ledger.days_overdue(finding(), date(2024, 10, 3)) is None


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("count", 0, "0"),
        ("ratio", None, "—"),
        ("ratio", [1, 3], "1/3（33.3%）"),
        ("ratio", [2, 3], "2/3（66.7%）"),
        ("ratio", [1, 2000], "1/2000（0.1%）"),
        ("fen", 123_456_705, "1,234,567.05 元"),
    ],
)
def test_a_value_is_printed_exactly(unit: str, value: Any, text: str) -> None:
    assert printed(unit, value) == text


@pytest.mark.parametrize(
    "item",
    [
        {"inspectors": "张三"},
        {"uscc": "1", "note": "x"},
        {"object_name": "电缆厂", "result_zh": {"expert_name": "李四"}},
        {"object_name": "王五 13800000000"},
        {"object_name": "王五 350102199001011234"},
    ],
)
def test_what_must_stay_inside_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(ForbiddenContent):
        disclosures.require_publishable(DisclosureKind.RESULT, [item])


def test_no_kind_of_disclosure_lists_a_field_that_is_forbidden() -> None:
    data = document("disclosure")
    forbidden = {name for group in data["forbidden"] for name in group["fields"]}
    assert forbidden
    assert [(kind["kind"], name) for kind in data["items"] for name in kind["fields"] if name in forbidden] == []


@pytest.mark.parametrize(
    ("penalties", "until"),
    [
        ([("criticism", None)], date(2025, 1, 24)),
        ([("warning", None), ("criticism", None)], date(2025, 1, 24)),
        ([("fine", 300_000)], date(2025, 1, 24)),
        ([("fine", 300_001)], date(2027, 10, 24)),
        ([("fine", 200_000), ("fine", 200_000)], date(2027, 10, 24)),
        ([("fine", 100), ("confiscate_goods", None)], date(2027, 10, 24)),
        ([("criticism", None), ("stop_business", None)], date(2027, 10, 24)),
    ],
)
def test_criticism_and_a_small_fine_alone_stop_being_public_after_three_months(
    penalties: list[tuple[str, int | None]], until: date
) -> None:
    given = [{"kind": kind, "amount_fen": amount} for kind, amount in penalties]
    assert disclosures.expiry(given, date(2024, 10, 24)) == until


def test_a_warning_alone_is_not_published() -> None:
    assert not disclosures.is_published_penalty([{"kind": "warning"}])
    assert disclosures.is_published_penalty([{"kind": "warning"}, {"kind": "fine"}])


def test_a_text_longer_than_a_cell_is_cut_visibly() -> None:
    row = {item["key"]: None for item in document("ledger")["items"]} | {"fact": "长" * (MAX_CELL + 1)}
    made = workbook("ledger", Cover("", "台账", "任务", "省局", date(2024, 10, 25), "A & B"), [row])
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    value = sheet["F6"].value
    assert len(value) == MAX_CELL
    assert value.endswith("（全文见台账）")


def test_every_word_that_is_printed_has_its_chinese() -> None:
    tables = {
        "certificate_status": vocabulary.CertificateStatus,
        "priority_group": vocabulary.PriorityGroup,
        "inspection_result": vocabulary.InspectionResult,
        "measure": vocabulary.Measure,
        "respondent_type": vocabulary.RespondentType,
        "case_status": vocabulary.CaseStatus,
        "penalty_kind": vocabulary.PenaltyKind,
        "transfer_status": vocabulary.TransferStatus,
        "replacement_reason": vocabulary.ReplacementReason,
    }
    unnamed = [(table, code) for table, kind in tables.items() for code in kind if name_zh(table, code) == code]
    assert unnamed == []


def test_names_of_areas_and_violations_agree_with_their_owners() -> None:
    for item in province().divisions["items"]:
        assert region(item["code"]) == item["name_zh"]
    assert (city("350128"), agency("350128")) == ("平潭综合实验区", "平潭综合实验区市场监督管理局")
    assert (city("3501"), agency("350182"), agency("9999")) == ("福州市", "长乐市", "9999")
    violations = json.loads((SERVICES / "cases/data/violations.json").read_text("utf-8"))["items"]
    assert {item["code"]: name_zh("violation_type", item["code"]) for item in violations} == {
        item["code"]: item["name_zh"] for item in violations
    }


def test_each_figure_names_rows_and_each_ratio_what_it_is_set_against() -> None:
    items = document("summary")["items"]
    assert len(items) == 42
    assert all(item["flag"] for item in items)
    assert {item["key"] for item in items if item["unit"] == "ratio"} == {item["key"] for item in items if "of_flag" in item}
