"""Calendar months and years, as periods of law count them."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


def add_months(day: date, count: int) -> date:
    """The same day of a later month (of an earlier one, if negative), or that month's last day (民法典 art 202).

    Raises:
        ValueError: the year of the result is not between 1 and 9999.
    """
    moved: date = day + relativedelta(months=count)
    return moved


def add_years(day: date, count: int) -> date:
    """The same day of a later year; 29 February becomes 1 March where there is none, so that the last year is whole.

    Raises:
        ValueError: the year of the result is not between 1 and 9999.
    """
    moved = add_months(day, 12 * count)
    return moved if moved.day == day.day else moved + timedelta(days=1)
