"""Metrics of messaging; `runbook.md` says what each one means and when a person has to act."""

import time
from dataclasses import dataclass

from prometheus_client import Counter, Gauge

from shared.database.session import Database, driver, transaction

OUTBOX_SIZE = Gauge("ccc_outbox_events", "Events committed and not yet on the broker", ["service"])
OUTBOX_AGE = Gauge("ccc_outbox_oldest_seconds", "Age of the oldest of them", ["service"])
LEADER = Gauge("ccc_relay_leader", "1 in the process that relays for its database", ["service"])
SENT = Counter("ccc_relay_sent", "Events acknowledged by the broker, replays included", ["service"])
REFILLS = Counter("ccc_relay_refills", "Times the broker had lost its records and was refilled", ["service"])
RESTARTS = Counter("ccc_messaging_restarts", "Times a part of messaging was restarted after an error", ["service", "part"])
LOSSES = Counter("ccc_consumer_losses", "Times the broker had dropped records before they were consumed", ["service"])
HANDLED = Counter("ccc_consumer_records", "Records consumed from the broker and handled", ["service"])
LAG = Gauge("ccc_consumer_lag_events", "Records on the broker that this process has not received yet", ["service"])
LAG_SECONDS = Gauge("ccc_consumer_lag_seconds", "Seconds without a record while there is a lag", ["service"])
DEAD_LETTERS = Gauge("ccc_dead_letters", "Unresolved dead letters, by reason", ["service", "reason"])

REASONS = ("retrying", "failed", "deferred", "unreadable")
UUID7_MILLISECONDS = 80
"""An event id begins with the machine's time of its creation, in milliseconds before the last 80 bits."""


@dataclass(frozen=True)
class Backlog:
    """Size of the outbox, age of its oldest row in seconds, unresolved dead letters by reason."""

    outbox_size: int
    outbox_age: float
    dead_letters: dict[str, int]


async def backlog(database: Database) -> Backlog:
    """Read the backlog from the database."""
    async with transaction(database) as session:
        connection = await driver(session)
        size = await connection.fetchval("SELECT count(*) FROM outbox")
        oldest = await connection.fetchval("SELECT event_id FROM outbox ORDER BY id LIMIT 1")
        query = "SELECT reason, count(*) FROM dead_letter WHERE resolved_at IS NULL GROUP BY reason"
        counts = {row[0]: row[1] for row in await connection.fetch(query)}
    age = 0.0 if oldest is None else time.time() - (oldest.int >> UUID7_MILLISECONDS) / 1000
    return Backlog(size, age, {reason: counts.get(reason, 0) for reason in REASONS})


async def measure(database: Database) -> None:
    """Set the gauges that are read from the database."""
    current = await backlog(database)
    OUTBOX_SIZE.labels(database.service).set(current.outbox_size)
    OUTBOX_AGE.labels(database.service).set(current.outbox_age)
    for reason, count in current.dead_letters.items():
        DEAD_LETTERS.labels(database.service, reason).set(count)
