"""The calendar of the demo: acts in the order of their days, on a clock that only moves forward."""

from datetime import date, datetime

import pytest

from deploy.demo import scenarios
from deploy.demo.agenda import Agenda, at
from deploy.demo.timeline import NoNoticeError, Timeline

MONDAY = date(2024, 8, 5)


class Clock:
    def __init__(self) -> None:
        self.instants: list[datetime] = []

    async def move(self, instant: datetime) -> None:
        self.instants.append(instant)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def agenda(clock: Clock) -> Agenda:
    return Agenda(clock.move, MONDAY, lambda _: None)


async def test_acts_run_in_the_order_of_their_instants_however_they_were_entered(agenda: Agenda, clock: Clock) -> None:
    lived: list[int] = []

    def act(number: int) -> None:
        async def done() -> None:
            lived.append(number)

        agenda.enter(at(date(2024, 8, number), 9), done)

    for number in (20, 7, 12):
        act(number)
    await agenda.run()
    assert lived == [7, 12, 20]
    assert clock.instants == sorted(clock.instants)


async def test_an_act_entered_for_the_past_runs_now_and_the_clock_stays(agenda: Agenda, clock: Clock) -> None:
    lived: list[datetime] = []

    async def late() -> None:
        lived.append(agenda.now)

    async def first() -> None:
        agenda.enter(at(date(2024, 8, 6)), late)

    agenda.enter(at(date(2024, 8, 20)), first)
    await agenda.run()
    assert lived == [at(date(2024, 8, 20))]
    assert clock.instants == [at(date(2024, 8, 20))]


async def test_the_first_failure_ends_the_agenda(agenda: Agenda) -> None:
    async def fail() -> None:
        raise ValueError("planted")

    async def never() -> None:
        raise AssertionError("must not be reached")

    agenda.enter(at(MONDAY, 9), fail)
    agenda.enter(at(MONDAY, 10), never)
    with pytest.raises(ExceptionGroup) as failures:
        await agenda.run()
    assert [str(error) for error in failures.value.exceptions] == ["planted"]


def test_inspections_fall_on_working_days_and_use_the_working_saturday() -> None:
    days = Timeline.of().inspection_days()
    assert (days[0], days[-1]) == (date(2024, 8, 20), date(2024, 11, 15))
    assert date(2024, 10, 12) in days
    assert not {date(2024, 10, day) for day in range(1, 8)} & set(days)


@pytest.mark.parametrize(
    ("inspected_on", "notified_on"),
    [
        (date(2024, 9, 18), date(2024, 9, 14)),
        (date(2024, 10, 8), date(2024, 9, 30)),
        (date(2024, 10, 12), date(2024, 10, 11)),
        (date(2024, 10, 14), date(2024, 10, 12)),
    ],
)
def test_the_notice_falls_on_the_day_before_or_the_last_working_day(inspected_on: date, notified_on: date) -> None:
    assert scenarios.notice_day(inspected_on) == notified_on


@pytest.mark.parametrize("year", [2024, 2025])
def test_every_special_scenario_has_its_own_name_and_a_working_day(year: int) -> None:
    timeline = Timeline.of(year)
    special = scenarios.special(timeline)
    names = [scenario.name for scenario in special]
    assert len(set(names)) == len(names)
    assert {scenario.on for scenario in special} <= set(timeline.inspection_days())


def test_the_days_of_the_default_campaign_are_those_of_its_notice() -> None:
    days = Timeline.of(2024)
    assert (days.code, days.seed) == ("CCC-2024-215", 2_024_215)
    assert (days.day(0), days.day(6), days.last_inspection) == (date(2024, 8, 1), date(2024, 8, 9), date(2024, 11, 15))
    assert [days.after_cutoff(shift) for shift in (-1, 0, 1)] == [date(2024, 10, day) for day in (24, 25, 28)]
    assert (days.before_end(6), days.after_end(2), days.after_end(15)) == (
        date(2024, 11, 21),
        date(2024, 12, 3),
        date(2024, 12, 20),
    )
    assert (days.after_holiday, days.working_weekend_day) == (date(2024, 10, 8), date(2024, 10, 12))


def test_another_year_moves_with_its_own_calendar() -> None:
    days = Timeline.of(2025)
    assert (days.day(0), days.day(6), days.last_inspection) == (date(2025, 8, 1), date(2025, 8, 11), date(2025, 11, 14))
    assert (days.after_holiday, days.working_weekend_day) == (date(2025, 10, 9), date(2025, 10, 11))
    helmets = {one.name for year in (2024, 2025) for one in scenarios.special(Timeline.of(year)) if "helmet" in one.name}
    assert helmets == {scenarios.HELMET_ADVICE, scenarios.HELMET_MANDATORY}


def test_a_year_without_a_notice_is_refused() -> None:
    with pytest.raises(NoNoticeError, match="2031"):
        Timeline.of(2031)
