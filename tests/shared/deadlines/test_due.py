"""The published vectors of the calendar chapter, and each kind of term."""

from datetime import UTC, date, datetime

import pytest

from shared import deadlines
from shared.deadlines import Extension, Pause
from shared.deadlines.arithmetic import add_natural_days, roll
from shared.vocabulary import DeadlineState


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "result"),
    [
        ("2024-09-09", 15, "2024-09-30"),
        ("2024-09-09", 30, "2024-10-25"),
        ("2024-09-20", 7, "2024-09-30"),
        ("2024-09-23", 20, "2024-10-24"),
        ("2024-09-30", 15, "2024-10-25"),
        ("2024-10-12", 5, "2024-10-18"),
        ("2024-10-25", 20, "2024-11-22"),
        ("2024-11-15", 20, "2024-12-13"),
        ("2024-12-27", 15, "2025-01-20"),
        ("2025-01-20", 10, "2025-02-08"),
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-09-18", 3, "2026-09-22"),
    ],
)
def test_working_days_are_counted_over_holidays_and_worked_weekends(start: str, count: int, result: str) -> None:
    assert deadlines.dataset().calendar.add_working_days(day(start), count) == day(result)


@pytest.mark.parametrize(
    ("start", "count", "unrolled", "result"),
    [
        ("2024-07-03", 90, "2024-10-01", "2024-10-08"),
        ("2024-09-10", 90, "2024-12-09", "2024-12-09"),
        ("2024-09-10", 120, "2025-01-08", "2025-01-08"),
    ],
)
def test_natural_days_roll_over_a_holiday(start: str, count: int, unrolled: str, result: str) -> None:
    end = add_natural_days(day(start).toordinal(), count, ())
    assert end == day(unrolled).toordinal()
    rolled = roll(deadlines.dataset().calendar, end, 1, (), weekend=True)
    assert rolled == day(result).toordinal()


@pytest.mark.parametrize(("inspection", "notice"), [("2024-09-18", "2024-09-14"), ("2024-10-08", "2024-09-30")])
def test_the_object_is_notified_on_the_last_working_day_before_and_never_earlier(inspection: str, notice: str) -> None:
    deadline = deadlines.due("K02", day(inspection))
    assert deadline.due_day == day(notice)
    assert deadline.opens_on == day(notice)


def test_the_notices_window_has_83_working_days() -> None:
    calendar = deadlines.dataset().calendar
    assert calendar.working_days_between(day("2024-08-01"), day("2024-11-30")) == 83
    assert all(calendar.is_working_day(day(worked)) for worked in ("2024-09-14", "2024-09-29", "2024-10-12"))
    assert calendar.day(day("2024-09-16")).name_zh == "中秋节"
    assert calendar.notices[calendar.day(day("2024-10-03")).notice].number == "国办发明电〔2023〕7号"


def test_an_extension_by_the_head_doubles_the_filing_term() -> None:
    deadline = deadlines.due("K05", day("2024-09-09"), extensions=[Extension("agency_head", "闽市监延〔2024〕1号")])
    assert deadline.due_day == day("2024-10-25")


def test_overlapping_and_nested_pauses_count_once() -> None:
    testing = Pause(day("2024-09-11"), day("2024-09-20"), "testing")
    nested = Pause(day("2024-09-12"), day("2024-09-13"), "appraisal")
    overlapping = Pause(day("2024-09-19"), day("2024-09-23"), "appraisal")
    merged = deadlines.due("K05", day("2024-09-09"), pauses=[Pause(day("2024-09-11"), day("2024-09-23"), "testing")])
    assert deadlines.due("K05", day("2024-09-09"), pauses=[overlapping, testing, nested]).due_day == merged.due_day
    assert merged.due_day == day("2024-10-16")


def test_an_open_pause_holds_the_deadline_and_one_after_the_end_does_not() -> None:
    paused = deadlines.due("K05", day("2024-09-09"), pauses=[Pause(day("2024-09-11"), None, "testing")])
    assert paused.due_day is None
    assert paused.state(datetime(2024, 12, 1, tzinfo=UTC)) is DeadlineState.PAUSED
    late = deadlines.due("K05", day("2024-09-09"), pauses=[Pause(day("2024-10-08"), None, "testing")])
    assert late.due_day == day("2024-09-30")


def test_hours_run_from_the_minute_in_any_zone() -> None:
    seized = datetime.fromisoformat("2024-09-30T23:15:40+08:00")
    deadline = deadlines.due("K08", seized)
    assert deadline.due_at == datetime(2024, 10, 1, 15, 15, tzinfo=UTC)
    assert deadline.overdue_from == datetime(2024, 10, 1, 15, 16, tzinfo=UTC)
    assert deadline.due_day == day("2024-10-01")


def test_a_day_term_ends_with_the_shanghai_day() -> None:
    deadline = deadlines.due("K05", datetime(2024, 9, 8, 16, 30, tzinfo=UTC))
    assert deadline.start == day("2024-09-09")
    assert deadline.due_at == datetime(2024, 9, 30, 16, 0, tzinfo=UTC)
    assert deadline.state(datetime(2024, 9, 30, 15, 59, tzinfo=UTC)) is DeadlineState.RUNNING
    assert deadline.state(datetime(2024, 9, 30, 16, 0, tzinfo=UTC)) is DeadlineState.OVERDUE


def test_a_hearing_is_announced_seven_working_days_before() -> None:
    assert deadlines.due("K14", day("2024-10-15")).due_day == day("2024-09-30")


def test_the_case_head_may_add_thirty_days_and_then_a_meeting_fixes_a_date() -> None:
    head = Extension("agency_head", approved_on=day("2024-12-02"))
    meeting = Extension("collective", until=day("2025-03-31"), approved_on=day("2025-01-06"))
    assert deadlines.due("K15", day("2024-09-10")).due_day == day("2024-12-09")
    assert deadlines.due("K15", day("2024-09-10"), extensions=[head]).due_day == day("2025-01-08")
    assert deadlines.due("K15", day("2024-09-10"), extensions=[head, meeting]).due_day == day("2025-03-31")


def test_the_version_in_force_at_the_trigger_applies() -> None:
    assert deadlines.due("K33", day("2021-07-14")).rule.law == "PL-1996"
    assert deadlines.due("K33", day("2021-07-15")).rule.law == "PL-2021"
