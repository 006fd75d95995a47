"""The delivered law: complete, by its schema, equal to its sources; a file that contradicts itself is rejected."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import jsonschema
import pytest

from shared import deadlines
from shared.deadlines import errors
from shared.deadlines.calendar_file import calendar_schema, parse_calendar
from shared.deadlines.dataset import DATA
from shared.deadlines.labels import APPROVERS, GROUNDS
from shared.deadlines.rule_file import merge, parse_rules, schema

DATASET = deadlines.dataset()
RULES = max(DATA.glob("rules-national-*.json"))
CALENDAR = max(DATA.glob("calendar-cn-*.json"))


def loaded(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def encoded(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def test_every_day_from_2004_to_2026_is_what_the_library_says() -> None:
    day, count = date(2004, 1, 1), 0
    while day <= date(2026, 12, 31):
        assert DATASET.calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day, count = day + timedelta(days=1), count + 1
    assert count == 8401
    assert (DATASET.calendar.first.year, DATASET.calendar.last.year) == (2004, 2026)


def test_every_departure_from_the_week_names_festival_and_notice() -> None:
    unverified = set()
    for year in loaded(CALENDAR)["years"]:
        for group in year["arrangements"]:
            for day in group["off"] + group["worked"]:
                calendar_day = DATASET.calendar.day(date.fromisoformat(day))
                assert calendar_day.name_zh == group["name_zh"]
                notice = DATASET.calendar.notices[calendar_day.notice]
                assert (notice.number == "") == (notice.mark == "K")
                if notice.mark == "K":
                    unverified.add(year["year"])
    assert unverified == {2004, 2005, 2006, 2007}
    assert DATASET.calendar.notices[DATASET.calendar.day(date(2007, 12, 31)).notice].number == "国办发明电〔2007〕52号"


def test_the_alarm_comes_ninety_days_before_coverage_ends() -> None:
    assert not DATASET.calendar.ends_soon(date(2026, 10, 2))
    assert DATASET.calendar.ends_soon(date(2026, 10, 3))


def test_next_and_previous_working_day() -> None:
    assert DATASET.calendar.next_working_day(date(2024, 9, 30)) == date(2024, 10, 8)
    assert DATASET.calendar.previous_working_day(date(2024, 9, 18)) == date(2024, 9, 14)
    assert date(2024, 9, 14) in DATASET.calendar
    assert date(2027, 1, 1) not in DATASET.calendar


def _off(document: dict[str, Any], festival: int) -> list[str]:
    days: list[str] = document["years"][20]["arrangements"][festival]["off"]
    return days


BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "missing": lambda d: _off(d, 5).pop(),
    "doubled": lambda d: _off(d, 5).append("2024-09-16"),
    "no date": lambda d: _off(d, 5).append("2024-02-31"),
    "not in": lambda d: _off(d, 5).append("2025-09-16"),
    "no weekend": lambda d: d["years"][20]["arrangements"][5]["worked"].append("2024-09-12"),
    "total": lambda d: d["years"][20].update(working_days=250),
    "gap": lambda d: d["years"].pop(3),
    "statutory": lambda d: (_off(d, 0).pop(), d["years"][20].update(working_days=252)),
    "notice": lambda d: d["years"][20]["arrangements"][5].update(notice="1999"),
    "unknown field": lambda d: d.update(extra=1),
    "other zone": lambda d: d.update(time_zone="UTC"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_calendar_file_that_contradicts_itself_is_rejected(fault: str) -> None:
    document = loaded(CALENDAR)
    parse_calendar(encoded(document))
    BROKEN[fault](document)
    with pytest.raises(errors.InvalidCalendarFile) as caught:
        parse_calendar(encoded(document))
    assert caught.value.pointer


def test_all_rules_of_the_table_are_there() -> None:
    assert {rule_id.split("/")[0] for rule_id in DATASET.rules} == {f"K{number:02}" for number in range(1, 37)}


def test_the_schemas_beside_the_data_are_those_of_the_reader_and_the_data_follow_them() -> None:
    assert (DATA / "rules.schema.json").read_text(encoding="utf-8") == schema()
    assert (DATA / "calendar.schema.json").read_text(encoding="utf-8") == calendar_schema()
    jsonschema.validate(loaded(RULES), json.loads(schema()))
    jsonschema.validate(loaded(CALENDAR), json.loads(calendar_schema()))


def test_every_rule_has_labels_in_both_languages_and_names_its_law() -> None:
    for rule_id in DATASET.rules:
        for rule in DATASET.rules.versions(rule_id):
            assert rule.name_zh
            assert rule.name_en
            assert rule.consequence_zh
            assert rule.consequence_en
            assert DATASET.rules.law(rule).title_zh
            assert set(rule.pauses) <= set(GROUNDS)
            assert {approver for step in rule.extensions for approver in step.by} <= set(APPROVERS)
            if rule.surcharge:
                days = -(-rule.surcharge.cap_basis_points // rule.surcharge.daily_basis_points)
                assert rule.amount == days, "the term ends on the day on which the cap is reached"


def rule_of(document: dict[str, Any], rule_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(rule for rule in document["rules"] if rule["id"] == rule_id)
    return found


BAD_RULES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "negative": lambda d: rule_of(d, "K05").update(amount=-1),
    "unit": lambda d: rule_of(d, "K05").update(unit="fortnight"),
    "no amount": lambda d: rule_of(d, "K05").update(amount=None),
    "amount and date": lambda d: rule_of(d, "K04").update(amount=3),
    "date by nobody": lambda d: rule_of(d, "K04").update(until=None, settable=False),
    "ends before": lambda d: rule_of(d, "K05").update(valid_to="2020-01-01"),
    "backward pause": lambda d: rule_of(d, "K14").update(pauses=["testing"]),
    "law": lambda d: rule_of(d, "K05").update(law="X"),
    "doubled": lambda d: d["rules"].append(rule_of(d, "K05")),
    "follows": lambda d: rule_of(d, "K26").update(follows="K99"),
    "ground": lambda d: rule_of(d, "K05").update(pauses=["holiday"]),
    "unknown field": lambda d: rule_of(d, "K05").update(colour="red"),
}


@pytest.mark.parametrize("fault", BAD_RULES)
def test_a_rule_file_that_contradicts_itself_is_rejected(fault: str) -> None:
    document = loaded(RULES)
    BAD_RULES[fault](document)
    with pytest.raises(errors.InvalidRuleFile):
        merge(parse_rules(encoded(document)))


def override(**changes: Any) -> dict[str, Any]:
    rule = {**rule_of(loaded(RULES), "K32"), **changes}
    return {"format": "ccc-rules/1", "version": "1", "province": "35", "laws": {}, "rules": [rule]}


def test_a_province_may_override_a_rule_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rules-35.json"
    path.write_bytes(encoded(override(amount=5)))
    rules = deadlines.dataset(path).rules
    assert deadlines.due("K32", date(2024, 9, 9), rules=rules).due_day == date(2024, 9, 14)
    assert deadlines.due("K32", date(2024, 9, 9)).due_day == date(2024, 9, 24)
    assert rules.version.endswith("+35-1")


@pytest.mark.parametrize("fault", [{"province": None}, {"rules": [{**rule_of(loaded(RULES), "K32"), "id": "K77"}]}])
def test_an_override_names_its_province_and_changes_only_national_rules(fault: dict[str, Any]) -> None:
    with pytest.raises(errors.InvalidRuleFile):
        merge(parse_rules(RULES.read_bytes()), parse_rules(encoded({**override(), **fault})))


def test_a_later_version_takes_running_deadlines_over_only_if_it_says_so() -> None:
    national = parse_rules(RULES.read_bytes())
    for transition, result in (("new_triggers", date(2024, 9, 24)), ("running", date(2024, 10, 8))):
        later = override(amount=15 + 1, valid_from="2024-09-20", transition=transition)
        rules = merge(national, parse_rules(encoded(later)))
        assert deadlines.due("K32", date(2024, 9, 9), rules=rules).due_day == result
        assert deadlines.due("K32", date(2024, 9, 20), rules=rules).rule.valid_from == date(2024, 9, 20)
        assert deadlines.due("K32", date(2024, 8, 1), rules=rules).due_day == date(2024, 8, 15)
