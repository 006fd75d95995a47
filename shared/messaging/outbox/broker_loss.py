"""Noticing a broker that has lost what it held: restarted empty, or another one at the same address."""

import json

import structlog
from asyncpg import Connection

from shared.database.session import Database, driver, transaction
from shared.events.base import topic_of
from shared.messaging import metrics
from shared.messaging.broker import BrokerError, MisconfiguredBroker, Survey
from shared.messaging.envelope import Record, Unreadable, read
from shared.messaging.outbox import replay
from shared.messaging.outbox.replay import Scope, Why
from shared.messaging.outbox.store import Ends

log = structlog.get_logger()

_REMEMBER = """
INSERT INTO relay_state (cluster_id, ends) VALUES ($1, $2::text::jsonb)
ON CONFLICT (one) DO UPDATE SET cluster_id = excluded.cluster_id, ends = excluded.ends
"""

_KNOWN = """
SELECT count(DISTINCT event_id) FROM (SELECT event_id FROM outbox UNION ALL SELECT event_id FROM event_log) AS told
WHERE event_id = ANY($1::uuid[])
"""


class LostRecordsError(BrokerError):
    """The broker no longer holds what it had acknowledged."""


def refuse_loss(known: Ends, seen: Ends) -> None:
    """Compare the ends of the topic's partitions with those that were acknowledged.

    Raises:
        LostRecordsError: one of them has gone back.
    """
    for partition, end in known.items():
        if seen.get(partition, end) < end:
            raise LostRecordsError(f"partition {partition} ends at {seen[partition]}, it had come to {end}")


async def refuse_another(database: Database, cluster_id: str) -> None:
    """See to it that nothing is heard from a cluster which the relay has not found to be this installation's.

    Raises:
        BrokerError: it has not, or not yet.
    """
    async with transaction(database) as session:
        known = await (await driver(session)).fetchval("SELECT cluster_id FROM relay_state")
    if known not in (None, cluster_id):
        raise BrokerError(f"cluster {cluster_id} is not {known}: it is listened to when the relay has found its facts there")


async def reconcile(connection: Connection, database: Database, survey: Survey, cluster_id: str) -> Ends:
    """Compare the broker with what is known of it, order a refill if it lost records, and return the ends to go by.

    Raises:
        MisconfiguredBroker: its topic holds facts that this service never told: another cluster, or another database.
    """
    topic = topic_of(database.service)
    seen = await survey.ends(topic)
    row = await connection.fetchrow("SELECT cluster_id, ends::text FROM relay_state")
    known_cluster, known = (None, {}) if row is None else (row[0], _ends(row[1]))
    if known_cluster != cluster_id and not await _told_here(connection, await survey.newest(topic)):
        raise MisconfiguredBroker(f"cluster {cluster_id} holds facts on {topic} that were not told here")
    if known_cluster in (None, cluster_id) and all(seen.get(partition, 0) >= end for partition, end in known.items()):
        await connection.execute(_REMEMBER, cluster_id, json.dumps(known))
        return known
    await _order_refill(connection, database, cluster_id)
    return {}


async def _told_here(connection: Connection, records: list[Record]) -> bool:
    try:
        ids = {read(record).delivery.event_id for record in records}
    except Unreadable:
        return False
    return bool(len(ids) == await connection.fetchval(_KNOWN, list(ids)))


async def _order_refill(connection: Connection, database: Database, cluster_id: str) -> None:
    async with connection.transaction():
        await connection.execute(_REMEMBER, cluster_id, "{}")
        await replay.begin_anew(connection)
        await replay.order(connection, Why.REFILL, Scope(), database.clock.now())
    metrics.REFILLS.labels(database.service).inc()
    log.error("the broker came back without its records and is refilled", service=database.service, cluster=cluster_id)


def _ends(packed: str) -> Ends:
    return {int(partition): end for partition, end in json.loads(packed).items()}
