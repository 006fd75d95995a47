"""Warnings, the surcharge, the inverse, a new calendar, states."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from shared import deadlines
from shared.deadlines import Calendar, DeadlineQuery, Extension, Pause
from shared.deadlines.calendar_file import parse_calendar
from shared.deadlines.compare import End, MovedDeadline, moved_deadline
from shared.deadlines.dataset import DATA
from shared.deadlines.engine import compute
from shared.deadlines.inverse import trigger_for
from shared.deadlines.surcharge import SurchargeOwed, surcharge_owed
from shared.vocabulary import DeadlineState

DATASET = deadlines.dataset()


def warnings_of(deadline: deadlines.Deadline) -> list[tuple[str, str]]:
    return [
        (name, instant.astimezone(deadlines.SHANGHAI).strftime("%m-%d %H:%M")) for name, instant in deadlines.warnings(deadline)
    ]


def test_warnings_of_a_working_day_term() -> None:
    assert warnings_of(deadlines.due("K05", date(2024, 9, 9))) == [
        ("50%", "09-20 00:00"),
        ("80%", "09-26 00:00"),
        ("1wd", "09-29 00:00"),
        ("due", "09-30 00:00"),
        ("overdue", "10-01 00:00"),
    ]


def test_warnings_of_hours_and_of_terms_counted_backward() -> None:
    seized = datetime(2024, 9, 9, 2, 0, tzinfo=UTC)
    assert warnings_of(deadlines.due("K08", seized)) == [
        ("50%", "09-09 22:00"),
        ("80%", "09-10 05:12"),
        ("due", "09-10 10:00"),
        ("overdue", "09-10 10:01"),
    ]
    hearing = warnings_of(deadlines.due("K14", date(2024, 10, 15)))
    assert hearing == [("1wd", "09-29 00:00"), ("due", "09-30 00:00"), ("overdue", "10-01 00:00")]


def test_warnings_wait_while_paused_and_follow_extensions_and_fixed_dates() -> None:
    paused = Pause(date(2024, 9, 10), date(2024, 9, 20), "testing")
    assert warnings_of(deadlines.due("K05", date(2024, 9, 9), pauses=[paused]))[0] == ("50%", "10-08 00:00")
    assert warnings_of(deadlines.due("K05", date(2024, 9, 9), pauses=[paused._replace(ends=None)])) == []
    extended = warnings_of(deadlines.due("K05", date(2024, 9, 9), extensions=[Extension("agency_head")]))
    assert extended[0] == ("50%", "09-30 00:00")
    fixed = Extension("agency_head", until=date(2024, 10, 29), approved_on=date(2024, 9, 20))
    assert warnings_of(deadlines.due("K12", date(2024, 9, 9), extensions=[fixed]))[0] == ("50%", "10-04 00:00")


def test_a_warning_that_would_fall_on_the_trigger_is_left_out() -> None:
    assert [name for name, _ in warnings_of(deadlines.due("K34", date(2024, 9, 9)))] == ["due", "overdue"]


def test_the_surcharge_grows_by_three_per_cent_a_day_up_to_the_fine() -> None:
    rule, due = DATASET.rules.at("K18", date(2024, 9, 24)), date(2024, 9, 24)
    owed = [surcharge_owed(rule, 100_001, due, due + timedelta(days=n)) for n in (-1, 0, 1, 33, 34, 400)]
    assert owed == [
        SurchargeOwed(0, 0, False),
        SurchargeOwed(0, 0, False),
        SurchargeOwed(1, 3_000, False),
        SurchargeOwed(33, 99_000, False),
        SurchargeOwed(34, 100_001, True),
        SurchargeOwed(400, 100_001, True),
    ]
    assert deadlines.due("K18", due).due_day == due + timedelta(days=34)


def test_the_surcharge_does_not_grow_during_review_and_suit() -> None:
    rule, due = DATASET.rules.at("K18", date(2024, 9, 24)), date(2024, 9, 24)
    review = Pause(date(2024, 9, 26), date(2024, 9, 30), "review")
    suit = Pause(date(2024, 9, 29), None, "litigation")
    assert surcharge_owed(rule, 10_000, due, date(2024, 10, 1), [review]) == SurchargeOwed(2, 600, False)
    assert surcharge_owed(rule, 10_000, due, date(2024, 12, 1), [review, suit]) == SurchargeOwed(1, 300, False)


@pytest.mark.parametrize(
    ("rule_id", "goal", "trigger"),
    [
        ("K05", "2024-09-30", "2024-09-09"),
        ("K15", "2024-10-08", "2024-07-10"),
        ("K02", "2024-09-14", "2024-09-15"),
        ("K14", "2024-09-30", "2024-10-15"),
        ("K34", "2024-09-30", "2024-09-30"),
        ("K05", "2026-12-31", "2026-12-10"),
    ],
)
def test_which_trigger_still_makes_the_date(rule_id: str, goal: str, trigger: str) -> None:
    rule = DATASET.rules.at(rule_id, date(2024, 7, 1))
    assert trigger_for(DATASET.calendar, rule, date.fromisoformat(goal)) == date.fromisoformat(trigger)


def test_the_inverse_counts_granted_extensions_and_hours() -> None:
    rule = DATASET.rules.at("K05", date(2024, 9, 9))
    head = Extension("agency_head", approved_on=date(2024, 9, 20))
    assert trigger_for(DATASET.calendar, rule, date(2024, 10, 25), [head]) == date(2024, 9, 9)
    hours = DATASET.rules.at("K08", date(2024, 9, 9))
    noon = datetime(2024, 9, 10, 4, 0, 59, tzinfo=UTC)
    assert trigger_for(DATASET.calendar, hours, noon) == datetime(2024, 9, 9, 4, 0, tzinfo=UTC)


def revised(change: str) -> Calendar:
    """A calendar in which one more day of the National Day week is worked or off."""
    document = json.loads(max(DATA.glob("calendar-cn-*.json")).read_text(encoding="utf-8"))
    year = document["years"][20]
    if change == "off":
        year["arrangements"][6]["off"].append("2024-10-08")
        year["working_days"] -= 1
    document["version"] = "2026.2"
    return parse_calendar(json.dumps(document).encode())


QUERIES = {
    "before": DeadlineQuery("K05", date(2024, 8, 1)),
    "across": DeadlineQuery("K05", date(2024, 9, 20)),
    "natural": DeadlineQuery("K15", date(2024, 7, 3)),
    "held": DeadlineQuery("K05", date(2024, 9, 20), [Pause(date(2024, 9, 24), None, "testing")]),
    "granted": DeadlineQuery("K05", date(2024, 9, 9), (), [Extension("agency_head", approved_on=date(2024, 9, 30))]),
}


def moves(old: Calendar, new: Calendar, queries: dict[str, DeadlineQuery] = QUERIES) -> dict[str, tuple[date, MovedDeadline]]:
    """The deadlines that a new calendar moves, each with its last day by the old one."""
    before = {name: compute(old, DATASET.rules, query, granted=True) for name, query in queries.items()}
    ends = {name: End(deadline.due_day, deadline.overdue_from) for name, deadline in before.items()}
    moved = {name: moved_deadline(old, new, DATASET.rules, query, ends[name]) for name, query in queries.items()}
    return {name: (ends[name].due_on or date.max, move) for name, move in moved.items() if move is not None}


def test_a_new_calendar_moves_the_right_deadlines_and_says_why() -> None:
    moved = moves(DATASET.calendar, revised("off"))
    days = {name: (before, move.deadline.due_day) for name, (before, move) in moved.items()}
    assert set(days) == {"across", "natural", "granted"}
    assert days["across"] == (date(2024, 10, 16), date(2024, 10, 17))
    assert days["natural"] == (date(2024, 10, 8), date(2024, 10, 9))
    changes = moved["across"][1].changes
    assert [change.day for change in changes] == [date(2024, 10, 8)]
    assert changes[0].new.name_zh == "国庆节"


def test_a_calendar_that_changes_nothing_moves_nothing_and_twice_is_once() -> None:
    assert moves(DATASET.calendar, revised("same")) == {}
    assert moves(revised("off"), revised("off")) == {}


def test_an_extension_granted_in_time_stays_granted_by_a_calendar_that_ends_the_term_earlier() -> None:
    granted = Extension("agency_head", approved_on=date(2024, 10, 17))
    query = DeadlineQuery("K05", date(2024, 9, 20), (), [granted])
    ((before, move),) = moves(revised("off"), DATASET.calendar, {"granted": query}).values()
    assert (before, move.deadline.due_day) == (date(2024, 11, 7), date(2024, 11, 6))


def test_states_of_a_deadline() -> None:
    pause = Pause(date(2024, 9, 12), date(2024, 9, 13), "testing")
    deadline = deadlines.due("K05", date(2024, 9, 9), pauses=[pause])
    noon = [datetime(2024, 9, day, 4, tzinfo=UTC) for day in (11, 12, 13, 14)]
    running, paused = DeadlineState.RUNNING, DeadlineState.PAUSED
    assert [deadline.state(now) for now in noon] == [running, paused, paused, running]
    hours = deadlines.due("K08", noon[0])
    assert hours.state(noon[0] + timedelta(hours=24)) is running
    assert hours.state(noon[0] + timedelta(hours=24, minutes=1)) is DeadlineState.OVERDUE


def test_pauses_that_begin_after_a_fixed_date_was_decided_push_it_and_earlier_ones_do_not() -> None:
    fixed = Extension("collective", until=date(2025, 3, 31), approved_on=date(2025, 1, 6))
    head = Extension("agency_head")
    early = Pause(date(2024, 12, 20), date(2025, 1, 2), "hearing")
    late = Pause(date(2025, 2, 10), date(2025, 2, 14), "hearing")
    ends = [deadlines.due("K15", date(2024, 9, 10), extensions=[head, fixed], pauses=p).due_day for p in ([], [early], [late])]
    assert ends == [date(2025, 3, 31), date(2025, 3, 31), date(2025, 4, 5)]
