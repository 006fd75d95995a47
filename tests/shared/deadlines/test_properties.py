"""Properties of every date, checked against a count day by day over the published calendar library."""

from datetime import date, timedelta

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import deadlines
from shared.deadlines import DeadlineQuery, Pause
from shared.deadlines.engine import compute_by_rule
from shared.deadlines.inverse import trigger_for
from shared.deadlines.rules import Rule
from shared.vocabulary import DeadlineUnit

DATASET = deadlines.dataset()
DAY = timedelta(days=1)
DAYS = st.dates(date(2022, 10, 8), date(2026, 4, 30))
IN_FORCE = st.dates(date(2024, 1, 8), date(2026, 4, 30))
RULE_IDS = st.sampled_from([rule_id for rule_id in DATASET.rules if rule_id != "K04"])
PAUSABLE = st.sampled_from(["K05", "K10", "K15", "K18"])


@st.composite
def pauses_after(draw: st.DrawFn, day: date, most: int = 3, ground: str = "testing") -> list[Pause]:
    made = []
    for _ in range(draw(st.integers(0, most))):
        first = day + timedelta(days=draw(st.integers(0, 60)))
        made.append(Pause(first, first + timedelta(days=draw(st.integers(0, 25))), ground))  # type: ignore[arg-type]
    return made


def ground_of(rule_id: str) -> str:
    return "review" if rule_id == "K18" else "testing"


def counted(start: date, amount: int, *, working: bool, pauses: list[Pause]) -> date:
    day, count = start, 0
    while count < abs(amount):
        day += DAY if amount > 0 else -DAY
        paused = any(pause.starts <= day and (pause.ends is None or day <= pause.ends) for pause in pauses)
        count += not paused and (not working or bool(chinese_calendar.is_workday(day)))
    return day


@given(st.dates(date(2004, 6, 1), date(2026, 6, 30)), st.integers(-60, 60))
def test_the_fast_path_is_counting_day_by_day(start: date, amount: int) -> None:
    assert DATASET.calendar.add_working_days(start, amount) == counted(start, amount, working=True, pauses=[])


@given(DAYS, st.data())
def test_with_pauses_too(start: date, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start))
    assert deadlines.due("K05", start, pauses=pauses).ends == counted(start, 15, working=True, pauses=pauses)
    seized = counted(start, 30, working=False, pauses=pauses)
    rolled = deadlines.due("K10", start, pauses=pauses).ends
    assert rolled is not None
    assert rolled == seized or not chinese_calendar.is_workday(seized)
    assert chinese_calendar.is_workday(rolled)


@given(PAUSABLE, DAYS, st.data())
def test_adding_a_pause_never_shortens(rule_id: str, start: date, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start, ground=ground_of(rule_id)))
    more = data.draw(pauses_after(start, 1, ground_of(rule_id)))
    before = deadlines.due(rule_id, start, pauses=pauses).due_day
    after = deadlines.due(rule_id, start, pauses=[*more, *pauses]).due_day
    assert before is not None
    assert after is not None
    assert after >= before


@given(DAYS, st.integers(1, 15), st.integers(1, 20))
def test_a_pause_of_n_working_days_inside_the_term_adds_n_working_days(start: date, at: int, length: int) -> None:
    calendar = DATASET.calendar
    first = calendar.add_working_days(start, at)
    pause = Pause(first, calendar.add_working_days(first, length - 1), "testing")
    plain = deadlines.due("K05", start).due_day
    paused = deadlines.due("K05", start, pauses=[pause]).due_day
    assert plain is not None
    assert paused == calendar.add_working_days(plain, length)


@given(PAUSABLE, DAYS, st.data())
def test_the_order_of_pauses_does_not_matter_and_a_doubled_one_counts_once(
    rule_id: str, start: date, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start, ground=ground_of(rule_id)))
    shuffled = data.draw(st.permutations([*pauses, *pauses]))
    assert deadlines.due(rule_id, start, pauses=pauses).ends == deadlines.due(rule_id, start, pauses=shuffled).ends


def plain_end(rule: Rule, start: date) -> date:
    end = deadlines.due(rule.id, start).due_day
    assert end is not None
    return end


@settings(max_examples=300)
@given(RULE_IDS, IN_FORCE)
def test_the_inverse_gives_the_last_trigger_that_makes_the_date(rule_id: str, goal: date) -> None:
    rule = DATASET.rules.versions(rule_id)[-1]
    if rule.unit is DeadlineUnit.H:
        return
    trigger = trigger_for(DATASET.calendar, rule, goal)
    assert isinstance(trigger, date)
    queries = [DeadlineQuery(rule_id, trigger + n * DAY) for n in (-1, 0, 1)]
    ends = [compute_by_rule(DATASET.calendar, rule, query).due_day for query in queries]
    if rule.direction == "before":
        assert ends[0] is not None
        assert ends[1] is not None
        assert ends[0] < goal <= ends[1]
    else:
        assert ends[1] is not None
        assert ends[2] is not None
        assert ends[1] <= goal < ends[2]


@given(RULE_IDS, IN_FORCE)
def test_the_inverse_of_the_inverse_ends_on_the_same_day(rule_id: str, start: date) -> None:
    rule = DATASET.rules.versions(rule_id)[-1]
    if rule.unit is DeadlineUnit.H:
        return
    ends = plain_end(rule, start)
    again = trigger_for(DATASET.calendar, rule, ends)
    assert isinstance(again, date)
    assert plain_end(rule, again) == ends
    assert again <= start if rule.direction == "before" else again >= start
