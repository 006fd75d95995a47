"""The time of Chinese law: legal days are plain dates in Asia/Shanghai, instants are UTC."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def legal_day(instant: datetime) -> date:
    """The day on which `instant` (aware) falls for Chinese law: the calendar date in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The instant at which a legal day begins, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
