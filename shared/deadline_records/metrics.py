"""Metrics of deadlines."""

from prometheus_client import Counter, Gauge

SWEPT = Counter("ccc_deadline_sweeps", "Deadlines whose warnings were published", ["service"])
CALENDAR_DAYS = Gauge(
    "ccc_calendar_days_left", "Days until the working-day calendar ends; the next year is to be published", ["service"]
)
