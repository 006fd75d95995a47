"""Calendar months end where the month ends; a year from 29 February ends on 1 March; a legal day is that of Shanghai."""

from datetime import UTC, date, datetime

import pytest

from shared.core.legal_time import legal_day, start_of_day
from shared.core.months import add_months, add_years


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 1, "2024-03-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2024-12-31", 0, "2024-12-31"),
    ],
)
def test_a_month_that_has_no_such_day_ends_on_its_last(day: str, count: int, result: str) -> None:
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(result)


def test_a_month_without_the_day_ends_on_its_last_backward_too() -> None:
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert add_months(date(2024, 1, 15), -12) == date(2023, 1, 15)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2024-02-29", 1, "2025-03-01"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2024-02-29", 5, "2029-03-01"),
        ("2023-02-28", 1, "2024-02-28"),
        ("2024-12-31", 5, "2029-12-31"),
    ],
)
def test_a_year_from_29_february_ends_on_1_march_where_there_is_no_29th(day: str, count: int, result: str) -> None:
    assert add_years(date.fromisoformat(day), count) == date.fromisoformat(result)


def test_a_year_beyond_9999_is_an_error() -> None:
    with pytest.raises(ValueError, match="year"):
        add_months(date(9999, 12, 1), 1)


def test_a_legal_day_is_that_of_shanghai_and_begins_at_its_midnight() -> None:
    assert legal_day(datetime(2024, 9, 9, 15, 59, tzinfo=UTC)) == date(2024, 9, 9)
    assert legal_day(datetime(2024, 9, 9, 16, 0, tzinfo=UTC)) == date(2024, 9, 10)
    assert start_of_day(date(2024, 9, 10)) == datetime(2024, 9, 9, 16, 0, tzinfo=UTC)
