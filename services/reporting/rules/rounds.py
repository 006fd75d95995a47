"""The two report rounds and their days (decision A-01)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.reporting.errors import RoundClosed, RoundNotOpen
from services.reporting.rules.enums import Round
from services.reporting.rules.reference_data import document
from shared import deadlines


@dataclass(frozen=True)
class Period:
    """A round of one campaign: what happened up to `cut_off` is in it."""

    round: Round
    opens_on: date
    cut_off: date
    city_due_on: date
    province_due_on: date

    def as_of(self, today: date) -> date:
        """The day up to which a report that is made today counts."""
        return min(today, self.cut_off)

    def require_open(self, today: date, *, merged: bool) -> None:
        """Reject a summary outside the round.

        Raises:
            RoundNotOpen: before its first day.
            RoundClosed: the province has merged it, or the day on which its own report is due is over.
        """
        if today < self.opens_on:
            raise RoundNotOpen(f"the round opens on {self.opens_on}", opens_on=str(self.opens_on))
        if merged or today > self.province_due_on:
            raise RoundClosed(f"the round closed with the province's report due on {self.province_due_on}")


def period(round_: Round, days: Mapping[str, date]) -> Period:
    """The round of a campaign from its `window_from`, `window_to` and `interim_cutoff_on`."""
    (item,) = (item for item in document("rounds")["items"] if item["code"] == round_)
    cut_off = days[item["cut_off_field"]]
    due = deadlines.due(item["clock"], days["window_from"], until=cut_off + timedelta(item["city_due_days"]))
    last = cut_off + timedelta(item["province_due_days"])
    return Period(round_, days[item["opens_field"]], cut_off, due.due_day or cut_off, last)
