"""Bad input is rejected with the field and the reason; nothing is guessed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from shared import deadlines
from shared.deadlines import Extension, Pause, errors
from shared.deadlines.inputs import require_legal_day
from shared.deadlines.inverse import trigger_for
from shared.deadlines.surcharge import surcharge_owed

START = date(2024, 9, 9)
HEAD = Extension("agency_head")
DATASET = deadlines.dataset()


def error_of(kind: type[errors.DeadlineError], pointer: str | None, rule_id: str, trigger: Any, **more: Any) -> str:
    with pytest.raises(kind) as caught:
        deadlines.due(rule_id, trigger, **more)
    assert caught.value.pointer == pointer
    return str(caught.value)


@pytest.mark.parametrize(("day", "year"), [(date(2026, 12, 20), 2027), (date(2030, 1, 1), 2030), (date(2003, 12, 31), 2003)])
def test_a_year_outside_the_calendar_is_named(day: date, year: int) -> None:
    with pytest.raises(errors.YearNotCovered) as caught:
        DATASET.calendar.add_working_days(day, 15)
    assert caught.value.extra["year"] == year
    assert str(year) in str(caught.value)


def test_a_term_that_leaves_the_calendar_at_its_start_names_the_year_before() -> None:
    with pytest.raises(errors.YearNotCovered, match="2003"):
        DATASET.calendar.add_working_days(date(2004, 1, 5), -30)


def test_a_natural_term_is_rejected_only_where_it_needs_the_calendar() -> None:
    assert "2027" in error_of(errors.YearNotCovered, "/trigger", "K15", date(2026, 11, 24))
    assert deadlines.due("K33/harm", date(2026, 11, 24)).due_day == date(2031, 11, 24)


def test_a_local_time_in_no_zone_is_rejected() -> None:
    local = datetime(2024, 9, 9, 8, 0)  # noqa: DTZ001  # the missing zone is the point
    assert "no zone" in error_of(errors.InvalidTrigger, "/trigger", "K05", local)
    assert "no zone" in error_of(errors.InvalidTrigger, "/trigger", "K08", local)


@pytest.mark.parametrize("trigger", [time(8, 0), "2024-09-09", 20240909, None])
def test_what_is_no_date_is_rejected(trigger: Any) -> None:
    with pytest.raises(errors.InvalidTrigger):
        deadlines.due("K05", trigger)


def test_a_term_in_hours_needs_an_instant_and_passes_midnight_and_new_year() -> None:
    error_of(errors.InvalidTrigger, "/trigger", "K08", START)
    over = deadlines.due("K08", datetime(2024, 12, 31, 15, 30, tzinfo=UTC))
    assert over.due_at == datetime(2025, 1, 1, 15, 30, tzinfo=UTC)


def test_the_31st_of_february_is_no_day_and_months_end_where_the_month_ends() -> None:
    with pytest.raises(ValueError, match="day"):
        date.fromisoformat("2024-02-31")
    assert deadlines.due("K23/short", date(2023, 11, 30)).due_day == date(2024, 2, 29)
    assert deadlines.due("K23/short", date(2024, 11, 30)).due_day == date(2025, 2, 28)


def test_an_unknown_rule_and_a_time_without_a_version_are_rejected() -> None:
    assert "K99" in error_of(errors.UnknownRule, "/rule", "K99", START)
    error_of(errors.NoVersionInForce, "/trigger", "K05", date(2019, 1, 1))


@pytest.mark.parametrize("amount", [-1, 0, 31, True, 1.5, 10**9])
def test_an_amount_is_positive_whole_and_within_the_rule(amount: Any) -> None:
    error_of(errors.InvalidTerm, "/amount", "K31", START, amount=amount)


def test_only_rules_that_say_so_let_the_act_set_the_term() -> None:
    assert deadlines.due("K31", START, amount=30).due_day == date(2024, 10, 9)
    assert deadlines.due("K04", START, until=date(2024, 9, 30)).due_day == date(2024, 9, 30)
    error_of(errors.InvalidTerm, "/amount", "K05", START, amount=20)
    error_of(errors.InvalidTerm, "/amount", "K31", START, amount=5, until=START)
    error_of(errors.InvalidTerm, "/until", "K31", START, until=date(2024, 9, 30))
    error_of(errors.InvalidTerm, "/until", "K04", START, until=date(2024, 9, 8))
    error_of(errors.InvalidTerm, "/amount", "K04", START, amount=3)


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(3000, 1, 1), date.max])
def test_a_year_far_from_ours_is_rejected(day: date) -> None:
    error_of(errors.InvalidTrigger, "/trigger", "K33", day)
    error_of(errors.InvalidTrigger, "/until", "K04", START, until=day)


@pytest.mark.parametrize(
    ("pause", "field"),
    [
        (Pause(date(2024, 9, 12), date(2024, 9, 11), "testing"), "/pauses/0/ends"),
        (Pause(date(2024, 9, 8), date(2024, 9, 11), "testing"), "/pauses/0/starts"),
        (Pause(date(2024, 9, 8), None, "testing"), "/pauses/0/starts"),
        (Pause(date(2024, 9, 10), None, "litigation"), "/pauses/0/ground"),
    ],
)
def test_a_pause_that_cannot_be_is_rejected(pause: Pause, field: str) -> None:
    error_of(errors.InvalidPause, field, "K05", START, pauses=[pause])


def test_a_rule_without_pause_grounds_allows_no_pause() -> None:
    error_of(errors.InvalidPause, "/pauses/0/ground", "K20", START, pauses=[Pause(START, START, "testing")])


def test_a_pause_in_local_time_is_rejected() -> None:
    local = datetime(2024, 9, 10, 8, 0)  # noqa: DTZ001  # the missing zone is the point
    error_of(errors.InvalidTrigger, "/pauses/0/starts", "K05", START, pauses=[Pause(local, None, "testing")])


@pytest.mark.parametrize(
    ("rule_id", "extensions", "field"),
    [
        ("K20", [HEAD], "/extensions/0"),
        ("K05", [HEAD, HEAD], "/extensions/1"),
        ("K05", [Extension("collective")], "/extensions/0/approver"),
        ("K05", [Extension("agency_head", amount=16)], "/extensions/0/amount"),
        ("K05", [Extension("agency_head", amount=0)], "/extensions/0/amount"),
        ("K05", [Extension("agency_head", amount=-15)], "/extensions/0/amount"),
        ("K05", [Extension("agency_head", approved_on=date(2024, 10, 8))], "/extensions/0/approved_on"),
        ("K05", [Extension("agency_head", approved_on=date(2024, 9, 8))], "/extensions/0/approved_on"),
        ("K05", [Extension("agency_head", until=date(2024, 12, 1), approved_on=START)], "/extensions/0/until"),
        ("K12", [HEAD], "/extensions/0/amount"),
        ("K12", [Extension("agency_head", until=date(2024, 12, 2))], "/extensions/0/approved_on"),
        ("K12", [Extension("agency_head", until=date(2024, 9, 20), approved_on=START)], "/extensions/0/until"),
        ("K15", [Extension("collective")], "/extensions/0/approver"),
    ],
)
def test_an_extension_that_the_rule_does_not_allow_is_rejected(rule_id: str, extensions: list[Extension], field: str) -> None:
    error_of(errors.InvalidExtension, field, rule_id, START, extensions=extensions)


def test_after_a_fixed_date_only_another_date() -> None:
    fixed = Extension("agency_head", until=date(2024, 12, 2), approved_on=date(2024, 9, 20))
    more = Extension("agency_head", amount=3)
    error_of(errors.InvalidExtension, "/extensions/1/until", "K17", START, extensions=[fixed, more])


def test_a_shorter_extension_than_allowed_is_granted_as_decided() -> None:
    deadline = deadlines.due("K05", START, extensions=[Extension("agency_head", amount=5)])
    assert deadline.due_day == date(2024, 10, 12)


@pytest.mark.parametrize("fen", [-1, True, 1.0])
def test_money_is_whole_fen_and_not_negative(fen: Any) -> None:
    rule = DATASET.rules.at("K18", START)
    with pytest.raises(errors.InvalidAmount):
        surcharge_owed(rule, fen, START, START + timedelta(days=3))


def test_only_a_surcharge_rule_adds_money_and_a_fixed_date_has_no_inverse() -> None:
    with pytest.raises(errors.UnknownRule):
        surcharge_owed(DATASET.rules.at("K17", START), 100, START, START)
    with pytest.raises(errors.InvalidTerm):
        trigger_for(DATASET.calendar, DATASET.rules.at("K04", START), START)


def test_every_error_has_its_own_code_and_both_titles() -> None:
    kinds = errors.DeadlineError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds) > 8
    assert all(kind.title_zh and kind.title_en for kind in kinds)


def test_an_instant_falls_on_the_shanghai_day() -> None:
    assert require_legal_day(datetime(2024, 9, 9, 15, 59, tzinfo=UTC)) == date(2024, 9, 9)
    assert require_legal_day(datetime(2024, 9, 9, 16, 0, tzinfo=UTC)) == date(2024, 9, 10)
