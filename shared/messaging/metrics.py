"""What is measured of messaging; `runbook.md` says what each figure means and when it calls for a person."""

import time
from dataclasses import dataclass

from prometheus_client import Counter, Gauge

from shared.database.session import Database, driver, transaction

OUTBOX_SIZE = Gauge("ccc_outbox_events", "Facts committed and not yet on the broker", ["service"])
OUTBOX_AGE = Gauge("ccc_outbox_oldest_seconds", "Age of the oldest of them", ["service"])
LEADER = Gauge("ccc_relay_leader", "1 in the process that relays for its database", ["service"])
SENT = Counter("ccc_relay_sent", "Facts acknowledged by the broker, replays included", ["service"])
REFILLS = Counter("ccc_relay_refills", "Times the broker was found without its records and refilled", ["service"])
REBUILDS = Counter("ccc_messaging_rebuilds", "Times a part began anew after an error", ["service", "part"])
LOSSES = Counter("ccc_consumer_losses", "Times records had been dropped by the broker before they were heard", ["service"])
HANDLED = Counter("ccc_consumer_records", "Records taken from the broker and dealt with", ["service"])
LAG = Gauge("ccc_consumer_lag_events", "Records on the broker that this process has not been given yet", ["service"])
LAG_SECONDS = Gauge("ccc_consumer_lag_seconds", "Since when there has been something to take", ["service"])
PARKED = Gauge("ccc_parked_events", "Messages set aside, by reason", ["service", "reason"])

REASONS = ("retrying", "failed", "waiting", "unreadable")
UUID7_MILLISECONDS = 80
"""An event id begins with the machine's time of its making, in milliseconds before the last 80 bits."""


@dataclass(frozen=True)
class Known:
    """What the database knows: size of the outbox, age of its oldest row in seconds, parked events by reason."""

    size: int
    age: float
    parked: dict[str, int]


async def look(database: Database) -> Known:
    """Ask the database."""
    async with transaction(database) as session:
        connection = await driver(session)
        size = await connection.fetchval("SELECT count(*) FROM outbox")
        first = await connection.fetchval("SELECT event_id FROM outbox ORDER BY id LIMIT 1")
        open_ones = "SELECT reason, count(*) FROM parked_event WHERE resolved_at IS NULL GROUP BY reason"
        found = {row[0]: row[1] for row in await connection.fetch(open_ones)}
    age = 0.0 if first is None else time.time() - (first.int >> UUID7_MILLISECONDS) / 1000
    return Known(size, age, {reason: found.get(reason, 0) for reason in REASONS})


async def measure(database: Database) -> None:
    """Set the gauges that only the database knows."""
    known = await look(database)
    OUTBOX_SIZE.labels(database.service).set(known.size)
    OUTBOX_AGE.labels(database.service).set(known.age)
    for reason, count in known.parked.items():
        PARKED.labels(database.service, reason).set(count)
