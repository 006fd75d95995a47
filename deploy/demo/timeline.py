"""The days of a campaign: offsets in working days from its window, so that another year only needs its notice and calendar."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from services.sampling.rules import reference_data
from shared.core.province import province
from shared.deadlines import dataset

_DEFAULTS = Path(__file__).with_name("defaults.json")
_HOLIDAY = (10, 1)
"""National Day, the holiday that lies within the window of every campaign."""


class NoNoticeError(ValueError):
    """The platform holds no parameters for a campaign of this year in this province."""


@cache
def _defaults() -> dict[str, int]:
    content: dict[str, int] = json.loads(_DEFAULTS.read_text("utf-8"))
    return content


def default_year() -> int:
    """The year that is lived through when none is named."""
    return _defaults()["year"]


@dataclass(frozen=True)
class Timeline:
    """The window of a campaign and the cut-off of its interim round, as its notice sets them."""

    window_from: date
    window_to: date
    interim_cutoff_on: date

    @classmethod
    def of(cls, year: int | None = None) -> Self:
        """The days of this province's campaign in a year.

        Raises:
            NoNoticeError: no notice of that year is held.
        """
        year = year or default_year()
        parameters = reference_data.ruleset(province().code, date(year, 12, 31)).parameters
        (interim,) = (one["cut_off"] for one in parameters["report_rounds"] if one["code"] == "interim")
        days = (parameters["window_from"], parameters["window_to"], interim)
        found = cls(*map(date.fromisoformat, days))
        if found.year != year:
            raise NoNoticeError(f"no notice of {year} is held for province {province().code}")
        return found

    @property
    def year(self) -> int:
        """The year of the campaign."""
        return self.window_from.year

    @property
    def code(self) -> str:
        """The campaign's code, which begins the numbers of its tasks."""
        return f"CCC-{self.year}-{_defaults()['serial']}"

    @property
    def seed(self) -> int:
        """What the synthetic province and the ids of requests follow from."""
        return self.year * 1000 + _defaults()["serial"]

    @property
    def exported_on(self) -> date:
        """The day before the window, on which the certificates were exported."""
        return self.window_from - timedelta(days=1)

    @property
    def embargo_until(self) -> date:
        """The day after the window, from which the drawn list is public."""
        return self.window_to + timedelta(days=1)

    def day(self, working_days: int) -> date:
        """So many working days after the first one of the window."""
        calendar = dataset().calendar
        first = calendar.next_working_day(self.exported_on)
        return calendar.add_working_days(first, working_days) if working_days else first

    def before_end(self, working_days: int) -> date:
        """So many working days before the last one of the window."""
        day = self.embargo_until
        for _ in range(working_days + 1):
            day = dataset().calendar.previous_working_day(day)
        return day

    def after_end(self, working_days: int) -> date:
        """So many working days after the window."""
        return dataset().calendar.add_working_days(self.window_to, working_days)

    def after_cutoff(self, working_days: int) -> date:
        """So many working days after the interim cut-off; -1 is the one before it, 0 the day itself."""
        calendar = dataset().calendar
        if working_days < 0:
            return calendar.previous_working_day(self.interim_cutoff_on)
        return calendar.add_working_days(self.interim_cutoff_on, working_days) if working_days else self.interim_cutoff_on

    @property
    def after_holiday(self) -> date:
        """The first working day after the National Day holiday."""
        return dataset().calendar.next_working_day(date(self.year, *_HOLIDAY))

    @property
    def working_weekend_day(self) -> date:
        """The first Saturday or Sunday after that holiday on which work is done instead of a bridging day."""
        day = self.after_holiday
        while day.isoweekday() < 6:  # noqa: PLR2004  (Saturday)
            day = dataset().calendar.next_working_day(day)
        return day

    @property
    def first_inspection(self) -> date:
        """The first day of inspections."""
        return self.day(13)

    @property
    def last_inspection(self) -> date:
        """The last day of inspections."""
        return self.before_end(10)

    def inspection_days(self) -> list[date]:
        """The working days of the inspections."""
        found = [self.first_inspection]
        while found[-1] < self.last_inspection:
            found.append(dataset().calendar.next_working_day(found[-1]))
        return found
