"""Detection of a broker that has lost acknowledged records: restarted empty, or another cluster at the same address."""

import json

import structlog
from asyncpg import Connection

from shared.database.session import Database, driver, transaction
from shared.events.base import topic_of
from shared.messaging import metrics
from shared.messaging.broker import BrokerError, MisconfiguredBroker, OffsetReader
from shared.messaging.envelope import Record, Unreadable, parse
from shared.messaging.outbox import replay
from shared.messaging.outbox.replay import ReplayReason, ReplayScope
from shared.messaging.outbox.store import EndOffsets

log = structlog.get_logger()

_SAVE_STATE = """
INSERT INTO relay_state (cluster_id, ends) VALUES ($1, $2::text::jsonb)
ON CONFLICT (one) DO UPDATE SET cluster_id = excluded.cluster_id, ends = excluded.ends
"""

_COUNT_OWN = """
SELECT count(DISTINCT event_id) FROM (SELECT event_id FROM outbox UNION ALL SELECT event_id FROM event_log) AS own
WHERE event_id = ANY($1::uuid[])
"""


class LostRecordsError(BrokerError):
    """The broker no longer holds records that it had acknowledged."""


def check_ends(acknowledged: EndOffsets, current: EndOffsets) -> None:
    """Compare the current ends of the topic's partitions with those that were acknowledged.

    Raises:
        LostRecordsError: a partition is shorter than it was.
    """
    for partition, end in acknowledged.items():
        if current.get(partition, end) < end:
            raise LostRecordsError(f"partition {partition} ends at {current[partition]}, it had come to {end}")


async def check_cluster(database: Database, cluster_id: str) -> None:
    """Check that the relay of this service has accepted the cluster before anything is consumed from it.

    Raises:
        BrokerError: it has not, or not yet.
    """
    async with transaction(database) as session:
        accepted = await (await driver(session)).fetchval("SELECT cluster_id FROM relay_state")
    if accepted not in (None, cluster_id):
        raise BrokerError(f"cluster {cluster_id} is not {accepted}: it is consumed once the relay has found its events there")


async def check_broker(connection: Connection, database: Database, offsets: OffsetReader, cluster_id: str) -> EndOffsets:
    """Compare the broker with `relay_state`, request a refill if it lost records, and return the acknowledged end offsets.

    Raises:
        MisconfiguredBroker: its topic holds events that this service never published: another cluster, or another database.
    """
    topic = topic_of(database.service)
    current = await offsets.ends(topic)
    row = await connection.fetchrow("SELECT cluster_id, ends::text FROM relay_state")
    saved_cluster, acknowledged = (None, {}) if row is None else (row[0], _unpack(row[1]))
    if saved_cluster != cluster_id and not await _published_here(connection, await offsets.last_records(topic)):
        raise MisconfiguredBroker(f"cluster {cluster_id} holds events on {topic} that were not published here")
    complete = all(current.get(partition, 0) >= end for partition, end in acknowledged.items())
    if saved_cluster in (None, cluster_id) and complete:
        await connection.execute(_SAVE_STATE, cluster_id, json.dumps(acknowledged))
        return acknowledged
    await _request_refill(connection, database, cluster_id)
    return {}


async def _published_here(connection: Connection, records: list[Record]) -> bool:
    try:
        ids = {parse(record).delivery.event_id for record in records}
    except Unreadable:
        return False
    return bool(len(ids) == await connection.fetchval(_COUNT_OWN, list(ids)))


async def _request_refill(connection: Connection, database: Database, cluster_id: str) -> None:
    async with connection.transaction():
        await connection.execute(_SAVE_STATE, cluster_id, "{}")
        await replay.restart_open(connection)
        await replay.request(connection, ReplayReason.REFILL, ReplayScope(), database.clock.now())
    metrics.REFILLS.labels(database.service).inc()
    log.error("the broker has lost its records and is refilled", service=database.service, cluster=cluster_id)


def _unpack(ends: str) -> EndOffsets:
    return {int(partition): end for partition, end in json.loads(ends).items()}
